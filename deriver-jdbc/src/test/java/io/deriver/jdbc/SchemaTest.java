package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Guards that a schema that cannot be used is refused at the start, in words that say what to do.
 */
class SchemaTest {

  private static final NodeSpec SPEC =
      new NodeSpec("schema", List.of("mail"), Duration.ofMinutes(1), Duration.ofSeconds(10));
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);

  @ParameterizedTest
  @ValueSource(strings = {"", "Deriver", "1a", "a-b", "a b", "a\"b", "a;drop", "pg_mine", "ä"})
  @DisplayName("names that break the rule are refused")
  void badNames(String name) {
    assertThatThrownBy(() -> PostgresQueue.builder(Db.dataSource("postgres")).schema(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("schema is '" + name + "'");
  }

  @Test
  @DisplayName("a name of 41 characters stands, one of 42 does not")
  void longNames() {
    PostgresQueue.Builder builder = PostgresQueue.builder(Db.dataSource("postgres"));
    builder.schema("a".repeat(41));
    assertThatThrownBy(() -> builder.schema("a".repeat(42)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("a missing schema is named, with the way to install it")
  void missing() {
    Db db = Db.missing("schema_missing");
    assertThatThrownBy(db::queue)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("schema_missing")
        .hasMessageContaining("installSchema()")
        .hasMessageContaining("V1__deriver.sql");
  }

  @Test
  @DisplayName("a schema of that name with other things in it is no schema of deriver's")
  void foreign() {
    Db db = Db.missing("schema_foreign");
    db.execute("CREATE SCHEMA schema_foreign");
    assertThatThrownBy(db::queue)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("installSchema()");
  }

  @Test
  @DisplayName("a newer schema is refused, and installing changes nothing of it")
  void newer() {
    Db db = Db.installed("schema_newer");
    db.execute("INSERT INTO deriver.schema_version (version, works_from) VALUES (7, 5)");

    assertThatThrownBy(db::queue)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("version 7")
        .hasMessageContaining("libraries from 5 on")
        .hasMessageContaining("this one is of 1");
    PostgresQueue.builder(db.dataSource()).schema(db.schema()).installSchema();
    assertThat(db.column("SELECT version FROM deriver.schema_version ORDER BY 1"))
        .containsExactly("1", "7");
    db.execute("DROP SCHEMA deriver CASCADE");
  }

  @Test
  @DisplayName("installing twice, and from many threads at once, installs once")
  void installedOnce() throws Exception {
    Db db = Db.missing("schema_twice");
    JoinedThreads threads = new JoinedThreads();
    for (int i = 0; i < 4; i++) {
      threads.start(
          () -> PostgresQueue.builder(db.dataSource()).schema(db.schema()).installSchema());
    }
    threads.join();
    assertThat(db.column("SELECT version FROM deriver.schema_version")).containsExactly("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"second", "user", "order", "_"})
  @DisplayName("a queue in another schema works, reserved words too, and leaves the first alone")
  void anotherSchema(String name) {
    Db first = Db.installed("schema_first");
    PostgresQueue.builder(first.dataSource()).schema(name).installSchema();
    PostgresQueue queue = PostgresQueue.builder(first.dataSource()).schema(name).build();
    long before = queue.counts().pendingItems();

    queue.enqueue(Item.of(MAIL, "key", "x"));

    assertThat(queue.counts().pendingItems()).isEqualTo(before + 1);
    assertThat(first.queue().counts().pendingItems()).isZero();
    try (NodeStore node = queue.store().join(SPEC)) {
      node.reap();
      node.probe();
    }
    first.execute("DROP SCHEMA \"" + name + "\" CASCADE");
  }

  @Test
  @DisplayName("the file in the jar runs as it is, in psql's order, for the schema deriver")
  void theFileRunsAsItIs() throws Exception {
    Db db = Db.missing("deriver");
    try (var in = PostgresQueue.class.getResourceAsStream("V1__deriver.sql")) {
      db.execute(
          new String(
              java.util.Objects.requireNonNull(in).readAllBytes(),
              java.nio.charset.StandardCharsets.UTF_8));
    }
    assertThat(PostgresQueue.on(db.dataSource()).counts().pendingItems()).isZero();
    db.execute("DROP SCHEMA deriver CASCADE");
  }

  @Test
  @DisplayName("a privilege that is missing is named before any work is claimed")
  void missingPrivilege() {
    Db db = Db.installed("schema_rights");
    db.execute("DROP ROLE IF EXISTS clerk");
    db.execute("CREATE ROLE clerk LOGIN PASSWORD 'postgres'");
    PGSimpleDataSource clerk = Db.dataSource("clerk");
    PostgresQueue.Builder builder = PostgresQueue.builder(clerk).schema(db.schema());

    assertThatThrownBy(builder::build)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("USAGE");
    db.execute("GRANT USAGE ON SCHEMA deriver TO clerk");
    assertThatThrownBy(builder::build)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("privilege")
        .hasMessageContaining("schema_version");
    db.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA deriver TO clerk");
    db.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA deriver TO clerk");
    db.execute("REVOKE DELETE ON deriver.head FROM clerk");
    assertThatThrownBy(() -> builder.build().store().join(SPEC))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("table head: DELETE");
    db.execute("GRANT DELETE ON deriver.head TO clerk");
    db.execute("REVOKE USAGE ON SEQUENCE deriver.fence_number FROM clerk");
    assertThatThrownBy(() -> builder.build().store().join(SPEC))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("sequence fence_number");
    db.execute("GRANT USAGE ON SEQUENCE deriver.fence_number TO clerk");
    try (NodeStore node = builder.build().store().join(SPEC)) {
      assertThat(node.renew().held()).isEmpty();
    }
    db.execute("DROP OWNED BY clerk");
  }

  @Test
  @DisplayName("who has all privileges that are named when they are missing lacks none later")
  void namedPrivilegesAreEnough() {
    Db db = Db.installed("schema_enough");
    db.execute("DROP ROLE IF EXISTS porter");
    db.execute("CREATE ROLE porter LOGIN PASSWORD 'postgres'");
    db.execute("GRANT USAGE ON SCHEMA deriver TO porter");
    db.execute("GRANT SELECT ON deriver.schema_version TO porter");
    PostgresQueue queue =
        PostgresQueue.builder(Db.dataSource("porter"))
            .schema(db.schema())
            .keepDeadLetters(Duration.ofDays(1))
            .build();
    try (NodeStore node = joinOnceGranted(db, queue)) {
      db.execute(
          """
          INSERT INTO deriver.dead_letter (id, type, key, payload, bytes, weight, enqueued_at, attempts, ended, errors, died_at)
          SELECT n, 'mail', 'k' || n, '"x"', 3, 1, now(), 1, '{}', '[]', now() - n * interval '1 day'
            FROM generate_series(0, 2) n
          """);
      node.reap();
      assertThat(db.number("SELECT count(*) FROM deriver.dead_letter")).isEqualTo(1);
      assertThat(queue.requeue(List.of(0L))).isEqualTo(1);
      queue.flush(MAIL, "k0");
      assertThat(queue.operations().cancelPending(MAIL, "k0")).isEqualTo(1);
      assertThat(queue.operations().pause(MAIL)).isTrue();
    }
    db.execute("DROP OWNED BY porter");
  }

  private static NodeStore joinOnceGranted(Db db, PostgresQueue queue) {
    Pattern lacking = Pattern.compile("privilege, (?:table )?(.*): (.*); grant it");
    while (true) {
      try {
        return queue.store().join(SPEC);
      } catch (StoreException e) {
        Matcher named = lacking.matcher(String.valueOf(e.getMessage()));
        assertThat(named.find()).as(e.getMessage()).isTrue();
        db.execute(
            "GRANT %s ON %s TO porter"
                .formatted(
                    named.group(2),
                    named.group(1).startsWith("sequence ")
                        ? named.group(1).replace("sequence ", "SEQUENCE deriver.")
                        : "deriver." + named.group(1)));
      }
    }
  }

  @Test
  @DisplayName("a database that is down is named as such, and asked again works once it is up")
  void down() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setServerNames(new String[] {"localhost"});
    nowhere.setPortNumbers(new int[] {1});
    assertThatThrownBy(() -> PostgresQueue.on(nowhere))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("could not be reached");
  }

  @Test
  @DisplayName("a server that defaults to read-only transactions is written to all the same")
  void readOnlyByDefault() {
    Db db = Db.installed("schema_ro_default");
    PGSimpleDataSource source = Db.dataSource("postgres");
    source.setOptions(
        "-c default_transaction_read_only=on -c default_transaction_isolation=serializable");
    PostgresQueue queue = PostgresQueue.builder(source).schema(db.schema()).build();
    queue.enqueue(Item.of(MAIL, "key", "x"));
    try (NodeStore node = queue.store().join(SPEC)) {
      assertThat(node.renew().held()).isEmpty();
    }
    assertThat(queue.counts().pendingItems()).isEqualTo(1);
  }

  @Test
  @DisplayName("the views can be read")
  void views() {
    Db db = Db.installed("schema_views");
    db.queue().enqueue(Item.of(MAIL, "key", "x"));
    assertThat(db.column("SELECT state FROM deriver.pending")).containsExactly("not routed");
    assertThat(db.column("SELECT type FROM deriver.running")).isEmpty();
    assertThat(db.column("SELECT type FROM deriver.probation")).isEmpty();
    assertThat(db.column("SELECT type FROM deriver.dead")).isEmpty();
  }
}
