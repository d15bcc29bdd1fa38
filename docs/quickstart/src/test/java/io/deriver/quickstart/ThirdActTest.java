package io.deriver.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Cut;
import io.deriver.quickstart.acts.DeriverAct;
import io.deriver.quickstart.acts.Figures;
import io.deriver.quickstart.acts.Savings;
import io.deriver.quickstart.acts.Terms;
import io.deriver.quickstart.data.Poison;
import io.deriver.quickstart.llm.Llm;
import io.deriver.quickstart.llm.Summarizer;
import io.deriver.quickstart.verify.Verification;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guards the promise of the third act on a part of the input: healthy messages end once, poisoned
 * ones as dead letters; and the check itself, which must fail once what was written is tampered
 * with.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThirdActTest {

  private static final int HEALTHY = 24;
  private static final Schemas SCHEMAS = new Schemas("act", "act_deriver");

  private final Settings settings = Settings.of(Map.of("QUICKSTART_TIMEOUT_MS", "2000"));
  private final Subset subset = Subset.of(HEALTHY);
  private final Database database = Database.open(settings);
  private final Verification check = new Verification(database.dataSource(), SCHEMAS);
  private Figures figures;
  private Savings savings;

  @BeforeAll
  void play() throws Exception {
    try (Llm llm = Llm.of(null, settings.timeout());
        Summarizer summarizer = new Summarizer(llm.endpoint())) {
      DeriverAct.Played played =
          new DeriverAct(database.dataSource(), SCHEMAS, settings)
              .play(
                  Poison.mark(subset.input()),
                  Poison.conversations(subset.input()),
                  new Terms(settings.slots(), settings.timeout()),
                  llm,
                  summarizer);
      figures = played.figures();
      savings = played.savings();
    }
    check.load(subset.input(), subset.poisoned().keySet());
    sql("create table act.summary_kept as table act.summary");
    sql("create table act.dead_kept as table act_deriver.dead_letter");
  }

  @AfterEach
  void undo() throws SQLException {
    sql("truncate act.summary; insert into act.summary table act.summary_kept");
    sql(
        "truncate act_deriver.dead_letter; insert into act_deriver.dead_letter table act.dead_kept");
  }

  @AfterAll
  void close() {
    database.close();
  }

  @Test
  void healthyMessagesEndOnceAndPoisonedOnesAreDeadLetters() throws SQLException {
    int poisoned = subset.poisoned().size();
    assertThat(poisoned).isPositive();
    assertThat(figures.deadLetters()).isEqualTo(poisoned);
    assertThat(figures.done()).isEqualTo(subset.input().lines().size() - poisoned);
    assertThat(figures.timeouts()).as("three attempts of each").isGreaterThanOrEqualTo(6);
    assertThat(figures.abandoned())
        .as("of the one that ignores everything")
        .isGreaterThanOrEqualTo(3);
    assertThat(check.problems()).isEmpty();
    assertThat(check.wrongTexts()).isEmpty();
  }

  @Test
  void batchesSaveCallsThoughThoseThatHungCount() {
    assertThat(savings.messages()).isEqualTo(subset.input().lines().size());
    assertThat(savings.calls()).isGreaterThanOrEqualTo(figures.calls().made());
    assertThat(savings.calls())
        .as("a conversation has a call at least, a timeout has had one")
        .isGreaterThanOrEqualTo(HEALTHY + figures.timeouts());
    assertThat(savings.saved()).isPositive();
    assertThat(savings.byCut()).containsKey(Cut.SHRUNK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A row doubled.
        "insert into act.summary select * from act.summary where fence = (select min(fence) from act.summary)",
        // A row deleted.
        "delete from act.summary where fence = (select min(fence) from act.summary)",
        // The keys of two rows swapped.
        """
        with two as (
          select distinct on (conversation) * from act.summary order by conversation, fence limit 2)
        update act.summary s set conversation = other.conversation from two me, two other
        where me.fence = s.fence and other.fence <> s.fence""",
        // A row that stops short.
        "update act.summary set last_item = first_item where last_item > first_item",
        // A dead letter deleted.
        "delete from act_deriver.dead_letter where id = (select min(id) from act_deriver.dead_letter)",
        // A summary that goes on into the poisoned message behind it.
        """
        update act.summary s set last_item = i.number from act.input i
        where i.poisoned and i.conversation = s.conversation
          and s.last_item = (select max(number) from act.input before
            where before.conversation = i.conversation and before.number < i.number)""",
        // A dead letter that stands under another conversation.
        """
        update act_deriver.dead_letter d
        set key = (select min(conversation) from act.summary where conversation <> d.key)
        where id = (select min(id) from act_deriver.dead_letter)""",
        // A dead letter that is a healthy message.
        """
        update act_deriver.dead_letter d
        set payload = jsonb_set(payload::jsonb, '{number}', to_jsonb((select min(number) from act.input i
          where i.conversation = d.key and not i.poisoned)))::text
        where id = (select min(id) from act_deriver.dead_letter)"""
      })
  void theCheckFailsWhen(String tampering) throws SQLException {
    sql(tampering);

    assertThat(check.problems()).isNotEmpty();
  }

  @Test
  void theCheckOfTextsFailsWhenTwoTextsAreSwapped() throws SQLException {
    sql(
        """
        with two as (
          select distinct on (conversation) * from act.summary order by conversation, fence limit 2)
        update act.summary s set text = other.text from two me, two other
        where me.fence = s.fence and other.fence <> s.fence""");

    assertThat(check.wrongTexts()).hasSize(2);
  }

  private void sql(String statement) throws SQLException {
    Sql.run(database.dataSource(), "", statement);
  }
}
