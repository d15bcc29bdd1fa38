package io.deriver.testkit.catalogue;

/** Where a {@link HangShape} is made, and what makes it. */
public enum Place {
  /** On a loopback socket: any client can be pointed at a {@link HangingProvider} of the shape. */
  NETWORK,
  /** In the client's own code, in this process: {@link HangingClient} is such a client. */
  CLIENT,
  /**
   * In a JVM of its own, since it ends the process: {@link io.deriver.testkit.process.JavaProcess}
   * starts a main class there. Have its processor call {@link Runtime#halt}; or call {@link
   * io.deriver.testkit.process.JavaProcess#kill()} while a run is on its way; or start it with
   * {@code -Xmx32m -XX:+ExitOnOutOfMemoryError} and have it take more.
   */
  PROCESS,
  /**
   * Between the pool and its database: have the pool's data source connect to a {@link
   * io.deriver.testkit.net.TcpProxy#toPostgres TcpProxy}. {@link
   * io.deriver.testkit.net.TcpProxy#freeze() freeze()} has the database stop answering, {@link
   * io.deriver.testkit.net.TcpProxy#hold hold} one statement, {@link
   * io.deriver.testkit.net.TcpProxy#cutAll() cutAll()} and {@code cutAnswer} break connections,
   * between two statements or within one.
   */
  DATABASE
}
