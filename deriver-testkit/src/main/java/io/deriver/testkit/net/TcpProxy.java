package io.deriver.testkit.net;

import io.deriver.testkit.internal.Sockets;
import io.deriver.testkit.internal.Threads;
import io.deriver.testkit.net.Trap.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network between a client and a server, on the loopback, that can be made to hang, to lose
 * answers and to break: at once and for all, by {@link #freeze}, {@link #delay(Duration,
 * Direction)} and {@link #cutAll}; or when a chosen message comes by, and then only on the
 * connection that it came by on. It knows no pool, and serves any client, plain JDBC for instance.
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
 * <p>Words are looked for in each message of the client; all of them must be in the same one. With
 * {@link #toPostgres} a message is one of the Postgres protocol, and its text that of the statement
 * it is about, together with the parameters where it binds some: statements that were prepared on
 * the server are known by their names. A request of several messages ends with its Sync. The text
 * of the message that opens a connection is its parameters. Fetching more rows of an open portal
 * has no text. With {@link #to} every chunk of bytes is a message and a request by itself, wherever
 * the network cuts it, and the next chunk that comes back counts as its answer.
 *
 * <p>Each way ends by itself: a side that has said all (a half-closed connection) still hears what
 * the other has to say. What is held reaches the server though its client has gone, and what the
 * server says meanwhile is lost.
 *
 * <p>What does not hold: encrypted connections cannot be looked into. They pass through, and the
 * traps by statement that have caught nothing yet say so: {@link Trap#caught()} throws. Connect
 * without TLS ({@code sslmode=disable}); traps for all that comes by need no words. Bytes may be
 * held on their way, in the buffers of both sockets, while a trap stands.
 *
 * <p>Thread-safe. Its threads are daemons: one, and two for each connection.
 */
public final class TcpProxy implements AutoCloseable {

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
  private static final Duration LONGEST_DELAY = Duration.ofDays(1);

  private final String host;
  private final int target;
  private final boolean raw;
  private final ServerSocket listening;
  private final Traps traps = new Traps();
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private TcpProxy(String host, int target, boolean raw, ServerSocket listening) {
    this.host = host;
    this.target = target;
    this.raw = raw;
    this.listening = listening;
  }

  /**
   * A proxy for any protocol, started.
   *
   * @param port of the server, 1 to 65,535; it need not be up yet
   * @throws UncheckedIOException if no port can be opened
   */
  public static TcpProxy to(String host, int port) {
    return started(host, port, true);
  }

  /** A proxy that reads along in Postgres' protocol, started; see {@link #to}. */
  public static TcpProxy toPostgres(String host, int port) {
    return started(host, port, false);
  }

  private static TcpProxy started(String host, int port, boolean raw) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "port is %d; it must be between 1 and 65535".formatted(port));
    }
    Objects.requireNonNull(host, "host");
    try {
      return started(host, port, raw, new ServerSocket(0, 256, InetAddress.getLoopbackAddress()));
    } catch (IOException e) {
      throw new UncheckedIOException("found no port to listen on", e);
    }
  }

  static TcpProxy started(String host, int port, boolean raw, ServerSocket listening) {
    TcpProxy proxy = new TcpProxy(host, port, raw, listening);
    proxy.daemon("accept", proxy::accept);
    return proxy;
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
   * the middle of it, with the locks that it has taken, and waits. A message that is the last of
   * its request is not caught.
   */
  public Trap holdBehind(String... words) {
    return traps.set(new Trap(Kind.HOLD_BEHIND, Integer.MAX_VALUE, null, words));
  }

  /**
   * Messages with these words arrive so much later, each.
   *
   * @param by 0 to 1 day
   */
  public Trap delay(Duration by, String... words) {
    return traps.set(new Trap(Kind.HOLD, Integer.MAX_VALUE, checked(by), words));
  }

  private static Duration checked(Duration by) {
    if (by.isNegative() || by.compareTo(LONGEST_DELAY) > 0) {
      throw new IllegalArgumentException(
          "by is %s; it must be between PT0S and %s".formatted(by, LONGEST_DELAY));
    }
    return by;
  }

  /** Messages with these words reach the server; what it answers stops short of the client. */
  public Trap holdAnswer(String... words) {
    return traps.set(new Trap(Kind.HOLD_ANSWER, Integer.MAX_VALUE, null, words));
  }

  /**
   * The next so many messages with these words break their connection before they arrive.
   *
   * @param times 1 or more, as with the others that cut
   */
  public Trap cut(int times, String... words) {
    return traps.set(new Trap(Kind.CUT, positive(times), null, words));
  }

  /**
   * The next so many messages with these words reach the server, and their connection breaks when
   * it has answered, so that nothing of the answer arrives.
   */
  public Trap cutAnswer(int times, String... words) {
    return traps.set(new Trap(Kind.CUT_ANSWER, positive(times), null, words));
  }

  /** The next so many answers with these words in one row break their connection instead. */
  public Trap cutAnswerSaying(int times, String... words) {
    return traps.set(new Trap(Kind.CUT_SAYING, positive(times), null, words));
  }

  private static int positive(int times) {
    if (times < 1) {
      throw new IllegalArgumentException("times is %d; it must be at least 1".formatted(times));
    }
    return times;
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

  /**
   * From now on what goes this way arrives so much later, on old connections and new ones, what
   * comes together together.
   *
   * @param by 0 to 1 day
   */
  public Trap delay(Duration by, Direction direction) {
    Objects.requireNonNull(direction, "direction");
    return traps.delay(new Trap(Kind.HOLD, Integer.MAX_VALUE, checked(by)), direction);
  }

  /**
   * Ends this way of all connections that are open now: who listens hears that the other has said
   * all, and what the other says from now on is lost. The other way goes on.
   */
  public void cutAll(Direction direction) {
    Objects.requireNonNull(direction, "direction");
    links.forEach(link -> link.cut(direction));
  }

  /** Breaks all connections that are open now. New ones are served. */
  public void cutAll() {
    links.forEach(Link::close);
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        serve(listening.accept());
      } catch (IOException e) {
        // Closing, a client that was gone before it was accepted, or no file handle left: the next
        // accept tells which.
        Sockets.restAfterFailedAccept();
      }
    }
  }

  private void serve(Socket client) {
    Link link = new Link(client, traps);
    links.add(link);
    try {
      daemon("ask", () -> connect(link));
    } catch (OutOfMemoryError noThread) {
      end(link);
    }
    if (closed) {
      end(link);
    }
  }

  private void connect(Link link) throws IOException, InterruptedException {
    PostgresTalk said = new PostgresTalk(traps::goBlind);
    Framing answers = raw ? Framing.CHUNKS : said.server();
    boolean passing = false;
    try {
      link.connect(host, target);
      daemon("answer", () -> pump(link, Direction.TO_CLIENT, answers));
      passing = true;
    } finally {
      if (!passing) {
        end(link);
      }
    }
    pump(link, Direction.TO_SERVER, raw ? Framing.CHUNKS : said.client());
  }

  private void pump(Link link, Direction direction, Framing framing)
      throws IOException, InterruptedException {
    boolean over = true;
    try {
      over = link.pump(direction, framing);
    } finally {
      if (over) {
        end(link);
      }
    }
  }

  private void end(Link link) {
    link.close();
    links.remove(link);
  }

  /**
   * Breaks all connections; what traps hold is dropped, those among them that are set later. Its
   * threads have ended when this returns. A second call does nothing.
   *
   * @throws IllegalStateException if one has not within 10 s
   */
  @Override
  public void close() {
    closed = true;
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      cutAll();
      traps.close();
    }
    Thread left = Threads.awaitEnd(List.copyOf(threads), CLOSE_LIMIT);
    if (left != null) {
      throw new IllegalStateException("thread %s did not end".formatted(left.getName()));
    }
  }

  private void daemon(String role, Work work) {
    Thread thread =
        Threads.daemon(
            "tcp-proxy-" + port() + "-" + role,
            () -> {
              try {
                work.run();
              } catch (IOException | InterruptedException end) {
                // The end of a connection is how it ends, and that of the proxy.
              } finally {
                threads.remove(Thread.currentThread());
              }
            });
    threads.add(thread);
    try {
      thread.start();
    } catch (OutOfMemoryError noThread) {
      threads.remove(thread);
      throw noThread;
    }
  }

  /** What a thread does until the network ends it. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException, InterruptedException;
  }
}
