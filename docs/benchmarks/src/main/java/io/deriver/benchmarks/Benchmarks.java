package io.deriver.benchmarks;

import io.deriver.benchmarks.drain.DrainBenchmark;
import io.deriver.benchmarks.enqueue.EnqueueBenchmark;
import io.deriver.benchmarks.measure.Benchmark;
import io.deriver.benchmarks.measure.Competition;
import io.deriver.benchmarks.measure.Meter;
import io.deriver.benchmarks.measure.Settings;
import io.deriver.benchmarks.report.Report;
import io.deriver.benchmarks.report.Row;
import io.deriver.benchmarks.server.Environment;
import io.deriver.benchmarks.server.Server;
import java.util.ArrayList;
import java.util.List;

/** The command: runs the benchmarks that the system properties name, and prints their tables. */
public final class Benchmarks {

  private Benchmarks() {}

  /** Takes no arguments; see {@link Settings}. */
  public static void main(String[] args) throws Exception {
    run(Settings.of(System.getProperties()));
  }

  /** Runs them one after another on the same server. */
  static List<Report> run(Settings settings) throws Exception {
    List<Report> reports = new ArrayList<>();
    try (Server server = Server.open(settings.url());
        Meter meter = Meter.on(server)) {
      Environment environment = Environment.of(server);
      System.out.print(environment);
      for (Benchmark benchmark : chosen(settings, server, meter)) {
        Competition competition =
            new Competition(benchmark, settings.rounds(), System.out::println);
        Report report =
            new Report(
                environment, settings, benchmark.title(), Row.of(competition.run(), benchmark));
        System.out.println(report.table());
        System.out.println("written: " + report.writeInto(settings.out(), benchmark.name()));
        reports.add(report);
      }
    }
    return reports;
  }

  private static List<Benchmark> chosen(Settings settings, Server server, Meter meter) {
    DrainBenchmark drain = new DrainBenchmark(server, meter, settings.payload());
    EnqueueBenchmark enqueue = new EnqueueBenchmark(server, meter, settings.payload());
    return switch (settings.which()) {
      case ALL ->
          List.of(
              drain.of(settings.items()),
              enqueue.single(settings.singles()),
              enqueue.many(settings.items()));
      case DRAIN -> List.of(drain.of(settings.items()));
      case ENQUEUE -> List.of(enqueue.single(settings.singles()), enqueue.many(settings.items()));
    };
  }
}
