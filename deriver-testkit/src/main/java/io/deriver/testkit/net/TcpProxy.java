package io.deriver.testkit.net;

import io.deriver.internal.Checks;
import io.deriver.testkit.net.Trap.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network between a client and a server, on the loopback, that can be made to hang, to lose
 * answers and to break: at once, or when a chosen message comes by, and then only on the connection
 * that it came by on.
 *
 * <pre>{@code
 * try (TcpProxy proxy = TcpProxy.toPostgres("localhost", 5432)) {
 *   dataSource.setPortNumbers(new int[] {proxy.port()});
 *   Trap trap = proxy.hold("claim_v1(");    // the statement does not arrive
 *   await().until(() -> trap.caught() > 0);
 *   ...                                     // what else goes on meanwhile?
 *   trap.letGo();                           // now it arrives, however late
 * }
 * }</pre>
 *
 * <p>Words are looked for in each message of the client; all of them must be in the same one, and
 * if none are given, any message with a text is meant. Times are 1 or more, a delay is a day at
 * most; {@code IllegalArgumentException} if not. With {@link #toPostgres} a message is one of the
 * Postgres protocol, and its text that of the statement it is about, together with the parameters
 * where it binds some: statements that were prepared on the server are known by their names. A
 * request of several messages ends with its Sync. The text of the message that opens a connection
 * is its parameters. Fetching more rows of an open portal has no text. With {@link #to} every chunk
 * of bytes is a message and a request by itself, wherever the network cuts it.
 *
 * <p>What does not hold: encrypted connections cannot be looked into, and pass through; connect
 * without TLS. Bytes may be held on their way, in the buffers of both sockets, while a trap stands.
 *
 * <p>Thread-safe. Its threads are daemons: one, and two for each connection.
 */
public final class TcpProxy implements AutoCloseable {

  private static final Duration LONGEST_DELAY = Duration.ofDays(1);

  private final String host;
  private final int target;
  private final boolean raw;
  private final ServerSocket listening;
  private final Traps traps = new Traps();
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private TcpProxy(String host, int target, boolean raw) throws IOException {
    this.host = Objects.requireNonNull(host, "host");
    this.target = target;
    this.raw = raw;
    listening = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
  }

  /**
   * A proxy for any protocol, started.
   *
   * @param port of the server, 1 to 65,535; it need not be up yet
   * @throws UncheckedIOException if no port can be opened
   * @throws IllegalArgumentException if the server's port is none
   */
  public static TcpProxy to(String host, int port) {
    return started(host, port, true);
  }

  /** A proxy that reads along in Postgres' protocol, started; see {@link #to}. */
  public static TcpProxy toPostgres(String host, int port) {
    return started(host, port, false);
  }

  private static TcpProxy started(String host, int port, boolean raw) {
    Checks.between("port", port, 1, 65_535);
    try {
      TcpProxy proxy = new TcpProxy(host, port, raw);
      daemon("accept", proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients connect, on the loopback. */
  public int port() {
    return listening.getLocalPort();
  }

  /** How many connections are open through it, those that are held among them. */
  public int open() {
    return links.size();
  }

  /** Messages with these words stop short of the server, and what comes behind them. */
  public Trap hold(String... words) {
    return traps.set(new Trap(Kind.HOLD, Integer.MAX_VALUE, null, words));
  }

  /**
   * Messages with these words arrive, and the rest of their request does not: the server stands in
   * the middle of it, with the locks that it has taken, and waits.
   */
  public Trap holdBehind(String... words) {
    return traps.set(new Trap(Kind.HOLD_BEHIND, Integer.MAX_VALUE, null, words));
  }

  /** Messages with these words arrive so much later, each. */
  public Trap delay(Duration by, String... words) {
    Checks.between("by", by, Duration.ZERO, LONGEST_DELAY);
    return traps.set(new Trap(Kind.HOLD, Integer.MAX_VALUE, by, words));
  }

  /** Messages with these words reach the server; what it answers stops short of the client. */
  public Trap holdAnswer(String... words) {
    return traps.set(new Trap(Kind.HOLD_ANSWER, Integer.MAX_VALUE, null, words));
  }

  /** The next so many messages with these words break their connection before they arrive. */
  public Trap cut(int times, String... words) {
    return traps.set(new Trap(Kind.CUT, atLeastOnce(times), null, words));
  }

  /**
   * The next so many messages with these words reach the server, and their connection breaks when
   * it has answered, so that nothing of the answer arrives.
   */
  public Trap cutAnswer(int times, String... words) {
    return traps.set(new Trap(Kind.CUT_ANSWER, atLeastOnce(times), null, words));
  }

  /** The next so many answers with these words in one row break their connection instead. */
  public Trap cutAnswerSaying(int times, String... words) {
    return traps.set(new Trap(Kind.CUT_SAYING, atLeastOnce(times), null, words));
  }

  private static int atLeastOnce(int times) {
    return Checks.between("times", times, 1, Integer.MAX_VALUE);
  }

  /** From now on nothing comes through this way, on old connections and new ones. */
  public Trap freeze(Direction direction) {
    Objects.requireNonNull(direction, "direction");
    return traps.freeze(new Trap(Kind.HOLD, Integer.MAX_VALUE, null), direction);
  }

  /** From now on nothing comes through either way, on old connections and new ones. */
  public Trap freeze() {
    Trap both = freeze(Direction.TO_SERVER);
    return traps.freeze(both, Direction.TO_CLIENT);
  }

  /** Breaks all connections that are open now. New ones are served. */
  public void cutAll() {
    links.forEach(Link::close);
  }

  private void accept() throws IOException {
    while (!closed) {
      Socket client = listening.accept();
      try {
        serve(client);
      } catch (IOException | OutOfMemoryError noServer) {
        client.close();
      }
    }
  }

  private void serve(Socket client) throws IOException {
    Socket server = new Socket(host, target);
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    Link link = new Link(client, server, traps);
    links.add(link);
    if (closed) {
      end(link);
      return;
    }
    PostgresTalk said = new PostgresTalk();
    daemon("ask", () -> pump(link, Direction.TO_SERVER, raw ? Framing.CHUNKS : said.client()));
    daemon("answer", () -> pump(link, Direction.TO_CLIENT, raw ? Framing.CHUNKS : said.server()));
  }

  private void pump(Link link, Direction direction, Framing framing)
      throws IOException, InterruptedException {
    try {
      link.pump(direction, framing);
    } finally {
      end(link);
    }
  }

  private void end(Link link) {
    link.close();
    links.remove(link);
  }

  /** Breaks all connections; what traps hold is dropped. */
  @Override
  public void close() {
    closed = true;
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      cutAll();
      traps.letAllGo();
    }
  }

  private static void daemon(String role, Work work) {
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                work.run();
              } catch (IOException | InterruptedException end) {
                // The end of a connection is how it ends, and that of the proxy.
              }
            },
            "tcp-proxy-" + role,
            0,
            false);
    thread.setDaemon(true);
    thread.start();
  }

  /** What a thread does until the network ends it. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException, InterruptedException;
  }
}
