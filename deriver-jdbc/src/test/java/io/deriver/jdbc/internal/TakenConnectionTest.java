package io.deriver.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.jdbc.Db;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A connection that was cut off never goes to the host, though its pool lends without a look. */
class TakenConnectionTest {

  @Test
  void whatWasAbortedIsNotLentAgain() throws SQLException {
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(Db.dataSource("postgres"));
      pool.setMaximumPoolSize(1);
      for (int i = 0; i < 20; i++) {
        TakenConnection taken = TakenConnection.from(pool, Duration.ofSeconds(5), false);
        taken.abort();
        taken.connection().close();
        try (Connection next = pool.getConnection();
            Statement statement = next.createStatement();
            ResultSet one = statement.executeQuery("SELECT 1")) {
          assertThat(one.next()).isTrue();
        }
      }
    }
  }
}
