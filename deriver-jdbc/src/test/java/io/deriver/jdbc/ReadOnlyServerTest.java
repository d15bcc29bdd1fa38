package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.StoreException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guards that a standby is refused at the start and recognised when it takes a primary's place. */
class ReadOnlyServerTest {

  @Test
  @DisplayName("a standby is named as such, at the start and by a queue that was there before")
  void standby(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    try (EmbeddedPostgres primary = Db.serverOn(data, 0)) {
      PostgresQueue.builder(primary.getPostgresDatabase()).installSchema();
    }
    Files.createFile(data.resolve("standby.signal"));
    try (EmbeddedPostgres standby = Db.serverOn(data, 0)) {
      DataSource source = standby.getPostgresDatabase();
      assertThatThrownBy(() -> PostgresQueue.on(source))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("read-only");
      assertThatThrownBy(() -> PostgresQueue.builder(source).schema("other").installSchema())
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("read-only");
    }
  }

  @Test
  @DisplayName("a queue whose server became a standby says so at the next enqueue")
  void becameAStandby(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    Moving source = new Moving();
    PostgresQueue queue;
    try (EmbeddedPostgres primary = Db.serverOn(data, 0)) {
      source.target = primary.getPostgresDatabase();
      queue = PostgresQueue.builder(source.proxy()).installSchema().build();
    }
    Files.createFile(data.resolve("standby.signal"));
    try (EmbeddedPostgres standby = Db.serverOn(data, 0)) {
      source.target = standby.getPostgresDatabase();
      assertThatThrownBy(
              () -> queue.enqueue(Item.of(ItemType.of("mail", String.class), "key", "x")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("read-only");
    }
  }

  /** A DataSource whose server changes, as a failover's does. */
  private static final class Moving {

    private volatile @org.jspecify.annotations.Nullable DataSource target;

    DataSource proxy() {
      return (DataSource)
          java.lang.reflect.Proxy.newProxyInstance(
              Moving.class.getClassLoader(),
              new Class<?>[] {DataSource.class},
              (proxy, method, args) -> method.invoke(target, args));
    }
  }
}
