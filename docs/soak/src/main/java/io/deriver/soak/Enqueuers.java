package io.deriver.soak;

import io.deriver.Item;
import io.deriver.jdbc.PostgresQueue;
import io.deriver.soak.ledger.LedgerWriter;
import io.deriver.soak.worker.Behaviour;
import io.deriver.soak.worker.Message;
import io.deriver.soak.worker.Terms;
import io.deriver.testkit.net.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * The hosts that enqueue: several at a time, each some lines of several conversations in one
 * transaction. Some of those are rolled back, of some the connection breaks at the commit, or
 * before its answer.
 */
final class Enqueuers implements AutoCloseable {

  private static final int AT_A_TIME = 3;
  private static final int MOST_TOGETHER = 11;
  private static final int ROLLED_BACK_PERCENT = 4;
  private static final int CUT_PERCENT = 1;
  private static final double AHEAD = 1.15;

  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(AT_A_TIME);
  private final AtomicLong place = new AtomicLong();
  private final AtomicInteger committed = new AtomicInteger();
  private final AtomicInteger rolledBack = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private final Settings settings;
  private final Lines lines;
  private final PostgresQueue queue;
  private final LedgerWriter ledger;
  private final DataSource database;
  private final TcpProxy network;

  /**
   * @param database of which the connections go through the network
   */
  Enqueuers(
      Settings settings,
      Lines lines,
      PostgresQueue queue,
      LedgerWriter ledger,
      DataSource database,
      TcpProxy network) {
    this.settings = settings;
    this.lines = lines;
    this.queue = queue;
    this.ledger = ledger;
    this.database = database;
    this.network = network;
  }

  /** At such a pace that all items are in a little before the time is over. */
  void start() {
    Duration pause =
        settings
            .time()
            .multipliedBy(AT_A_TIME * (MOST_TOGETHER + 1) / 2)
            .dividedBy((long) (settings.items() * AHEAD));
    for (int i = 0; i < AT_A_TIME; i++) {
      Random random = new Random(settings.seed() * AT_A_TIME + i);
      var unused =
          threads.scheduleAtFixedRate(
              () -> someLines(random), 0, pause.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  boolean isDone() {
    return committed.get() >= settings.items();
  }

  private void someLines(Random random) {
    if (isDone()) {
      return;
    }
    List<Item<Message>> items = next(1 + random.nextInt(MOST_TOGETHER));
    int draw = random.nextInt(100);
    boolean back = draw < ROLLED_BACK_PERCENT;
    if (!back && draw < ROLLED_BACK_PERCENT + CUT_PERCENT) {
      network.cut(1, "COMMIT");
    } else if (!back && draw < ROLLED_BACK_PERCENT + 2 * CUT_PERCENT) {
      network.cutAnswer(1, "COMMIT");
    }
    try (Connection tx = database.getConnection()) {
      tx.setAutoCommit(false);
      enqueue(tx, items);
      if (back) {
        tx.rollback();
        rolledBack.addAndGet(items.size());
      } else {
        tx.commit();
        committed.addAndGet(items.size());
      }
    } catch (SQLException | RuntimeException e) {
      // Whether it was committed stands in the ledger.
      broken.addAndGet(items.size());
    }
  }

  private void enqueue(Connection tx, List<Item<Message>> items) throws SQLException {
    List<Long> numbers = items.stream().map(item -> item.payload().item()).toList();
    ledger.enqueued(
        tx,
        items.stream().map(Item::key).toList(),
        numbers,
        numbers.stream().map(number -> Behaviour.of(settings.seed(), number).fate()).toList());
    queue.enqueueAll(tx, items);
  }

  private List<Item<Message>> next(int many) {
    long from = place.getAndAdd(many);
    List<Item<Message>> items = new ArrayList<>();
    for (long i = from; i < from + many; i++) {
      Lines.Line line = lines.at(i);
      items.add(
          Item.of(
              Terms.TYPE, line.conversation(), new Message(i + 1, line.speaker(), line.text())));
    }
    return items;
  }

  /** Items of transactions that were rolled back. */
  int rolledBack() {
    return rolledBack.get();
  }

  /** Items of transactions whose connection broke. */
  int broken() {
    return broken.get();
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      boolean unused = threads.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
