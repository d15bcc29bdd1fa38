package io.deriver.benchmarks.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class LowerBoundsTest {

  private static final OffsetDateTime ZERO =
      OffsetDateTime.of(2000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
  private static final OffsetDateTime NOW = ZERO.plusYears(30);

  private final LowerBounds bounds = new LowerBounds();
  private Connection connection = blank();

  @BeforeEach
  void watch() throws SQLException {
    DataSource source =
        Around.of(
            DataSource.class, new PGSimpleDataSource(), (method, arguments, target) -> blank());
    connection = bounds.watching(source).getConnection();
  }

  /** A connection that answers nothing but its statements. */
  private static Connection blank() {
    return blank(
        Connection.class,
        (proxy, method, arguments) ->
            method.getName().equals("prepareStatement")
                ? blank(PreparedStatement.class, (statement, of, none) -> blank())
                : null);
  }

  private static <T> T blank(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Test
  void allLanesFromZeroAreASweep() throws SQLException {
    sent("timestamptz", ZERO, ZERO);

    assertThat(bounds.takeFromZero()).isTrue();
    assertThat(bounds.takeFromZero()).as("taken").isFalse();
  }

  @Test
  void oneLaneFromABoundIsNone() throws SQLException {
    sent("timestamptz", ZERO, NOW);

    assertThat(bounds.takeFromZero()).isFalse();
  }

  @Test
  void aSecondLookFromZeroIsOne() throws SQLException {
    sent("timestamptz", ZERO, NOW);
    sent("timestamptz", ZERO, ZERO);

    assertThat(bounds.takeFromZero()).isTrue();
  }

  @Test
  void otherArraysSayNothing() throws SQLException {
    sent("text", "mail");

    assertThat(bounds.takeFromZero()).isFalse();
  }

  @Test
  void anErrorComesAsItIs() {
    DataSource down =
        Around.of(
            DataSource.class,
            new PGSimpleDataSource(),
            (method, arguments, target) -> {
              throw new SQLException("down");
            });

    assertThatThrownBy(() -> bounds.watching(down).getConnection())
        .isInstanceOf(SQLException.class)
        .hasMessage("down");
  }

  private void sent(String type, Object... elements) throws SQLException {
    PreparedStatement statement = connection.prepareStatement("SELECT 1");
    assertThat(statement.getConnection().createArrayOf(type, elements)).isNull();
  }
}
