package io.deriver.benchmarks.processes;

import io.deriver.benchmarks.measure.Wait;
import io.deriver.benchmarks.server.Server;
import io.deriver.testkit.process.JavaProcess;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Processes that work the same queue when they are told to. Used by one thread. */
final class Fleet implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final double MILLIS_A_SECOND = 1e3;

  private final List<JavaProcess> processes = new ArrayList<>();
  private int rests;

  /** Starts so many, each with calls that take so long. */
  static Fleet start(Server server, int count, long micros) throws InterruptedException {
    Fleet fleet = new Fleet();
    try {
      for (int number = 1; number <= count; number++) {
        fleet.processes.add(
            JavaProcess.of(Worker.class)
                .name("process " + number)
                .jvmArgs("-Xmx256m")
                .args(server.url(), Long.toString(micros))
                .start());
      }
      for (JavaProcess process : fleet.processes) {
        String unused = process.awaitLine("ready", PATIENCE);
      }
      return fleet;
    } catch (RuntimeException | Error | InterruptedException e) {
      fleet.close();
      throw e;
    }
  }

  /** Has them work so many items; returns how many seconds it took, to the last one's commit. */
  double work(int items) throws SQLException {
    long start = System.currentTimeMillis();
    processes.forEach(process -> process.tell(Worker.GO));
    Wait.until("all items to be done", PATIENCE, () -> done() >= items);
    long end =
        processes.stream()
            .mapToLong(process -> Done.last(process.lines()).at())
            .max()
            .orElseThrow();
    return (end - start) / MILLIS_A_SECOND;
  }

  private long done() {
    return processes.stream().mapToLong(process -> Done.last(process.lines()).items()).sum();
  }

  /** Has them stop claiming and forget what they did. */
  void rest() throws InterruptedException {
    rests++;
    processes.forEach(process -> process.tell(Worker.REST));
    for (JavaProcess process : processes) {
      String unused = process.awaitLines("rested", rests, PATIENCE);
    }
  }

  /** What each was called for since the last rest. */
  List<Numbers> numbers() throws InterruptedException {
    processes.forEach(process -> process.tell(Worker.TELL));
    List<Numbers> all = new ArrayList<>();
    for (JavaProcess process : processes) {
      String line = process.awaitLine("did ", PATIENCE);
      all.add(Numbers.read(line.substring("did ".length())));
    }
    return all;
  }

  @Override
  public void close() {
    processes.forEach(JavaProcess::close);
  }
}
