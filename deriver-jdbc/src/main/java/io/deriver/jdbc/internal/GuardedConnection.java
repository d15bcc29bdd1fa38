package io.deriver.jdbc.internal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * A connection whose transaction is not its user's to end. What slips through, a COMMIT sent as SQL
 * for instance, is found at the end by the transaction's mark.
 */
final class GuardedConnection implements InvocationHandler {

  private static final Set<String> REFUSED =
      Set.of(
          "commit",
          "close",
          "abort",
          "setAutoCommit",
          "setTransactionIsolation",
          "setReadOnly",
          "setNetworkTimeout");

  private final Connection connection;

  private GuardedConnection(Connection connection) {
    this.connection = connection;
  }

  static Connection of(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            GuardedConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new GuardedConnection(connection));
  }

  @Override
  @SuppressWarnings("NullAway") // the reflective call passes nulls through, as JDBC has them
  public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    String name = method.getName();
    boolean rollsBackAll = name.equals("rollback") && method.getParameterCount() == 0;
    if (rollsBackAll || REFUSED.contains(name)) {
      throw new SQLException(
          ("%s() is not for a completion step: deriver commits this transaction together with the"
                  + " claim, or rolls both back")
              .formatted(name),
          "25000");
    }
    try {
      return method.invoke(connection, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
