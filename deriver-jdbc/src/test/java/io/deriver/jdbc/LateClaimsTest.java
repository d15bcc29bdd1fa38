package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.ReapReport.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Invariant 2: a claim that was committed so late that its node looks for its claims behind it is
 * taken back all the same.
 */
class LateClaimsTest {

  private static final Db DB = Db.installed("late_claims");
  private static final CostBench BENCH = new CostBench(DB);
  private static final int PASSES = 6;

  private NodeStore node;

  @BeforeEach
  void aLateClaim() {
    BENCH.empty();
    node =
        DB.queue()
            .store()
            .join(
                new NodeSpec(
                    "late", List.of("mail"), Duration.ofMinutes(1), Duration.ofSeconds(20)));
    BENCH.keys("late", 1, "clock_timestamp()", "5", 2);
    // The first pass looks at all anyway.
    node.reap();
    node.renew();
    DB.execute("UPDATE deriver.node SET from_fence = 1000");
  }

  @AfterEach
  void leave() {
    node.close();
  }

  private List<Reaped> reaped() {
    List<Reaped> reaped = new ArrayList<>();
    for (int pass = 0; pass < PASSES; pass++) {
      reaped.addAll(node.reap().reaped());
    }
    return reaped;
  }

  @Test
  @DisplayName("of a node that died, within six passes")
  void ofADeadNode() {
    DB.execute("UPDATE deriver.node SET expires_at = clock_timestamp() WHERE id = 'other'");
    assertThat(reaped()).singleElement().extracting(Reaped::reason).isEqualTo(Reason.NODE_EXPIRED);
  }

  @Test
  @DisplayName("of a node that has no row, within six passes")
  void ofANodeWithoutARow() {
    DB.execute("DELETE FROM deriver.node WHERE id = 'other'");
    assertThat(reaped()).singleElement().extracting(Reaped::reason).isEqualTo(Reason.NODE_EXPIRED);
  }

  @Test
  @DisplayName("past its guard, within six passes")
  void pastItsGuard() {
    DB.execute("UPDATE deriver.head SET guard = clock_timestamp() WHERE fence = 5");
    assertThat(reaped()).singleElement().extracting(Reaped::reason).isEqualTo(Reason.GUARD_PASSED);
  }

  @Test
  @DisplayName("its own node is told of it within six renewals, and can give it back")
  void ofItsOwnNode() {
    BENCH.keys("held", 1, "clock_timestamp()", "2000", 2);
    DB.execute("UPDATE deriver.head SET node = '%s' WHERE fence = 2000".formatted(node.nodeId()));
    assertThat(node.renew().held()).containsExactly(2000L);
    DB.execute("UPDATE deriver.head SET node = '%s' WHERE fence = 5".formatted(node.nodeId()));
    List<Long> told = new ArrayList<>();
    for (int renewal = 0; renewal < PASSES; renewal++) {
      told.addAll(node.renew().held());
    }
    assertThat(told).contains(5L);
  }
}
