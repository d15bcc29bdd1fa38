package io.deriver.testkit.net;

/** Which way bytes go through a {@link TcpProxy}. */
public enum Direction {
  /** What the client says. */
  TO_SERVER,
  /** What the server answers. */
  TO_CLIENT
}
