package io.deriver.benchmarks;

import io.deriver.benchmarks.backlog.BacklogStudy;
import io.deriver.benchmarks.backlog.ReaperStudy;
import io.deriver.benchmarks.drain.DrainBenchmark;
import io.deriver.benchmarks.drain.KeysBenchmark;
import io.deriver.benchmarks.enqueue.EnqueueBenchmark;
import io.deriver.benchmarks.hang.HangStudy;
import io.deriver.benchmarks.hangs.HangsStudy;
import io.deriver.benchmarks.idle.IdleStudy;
import io.deriver.benchmarks.measure.Benchmark;
import io.deriver.benchmarks.measure.Competition;
import io.deriver.benchmarks.measure.Meter;
import io.deriver.benchmarks.measure.Settings;
import io.deriver.benchmarks.measure.Study;
import io.deriver.benchmarks.memory.MemoryStudy;
import io.deriver.benchmarks.pickup.PickupStudy;
import io.deriver.benchmarks.processes.ProcessesStudy;
import io.deriver.benchmarks.report.Line;
import io.deriver.benchmarks.report.RaceReport;
import io.deriver.benchmarks.report.Report;
import io.deriver.benchmarks.report.Row;
import io.deriver.benchmarks.report.StudyReport;
import io.deriver.benchmarks.server.Environment;
import io.deriver.benchmarks.server.Server;
import io.deriver.benchmarks.snapshot.SnapshotStudy;
import java.io.IOException;
import java.time.Duration;
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
      for (Benchmark benchmark : benchmarks(settings, server, meter)) {
        Competition competition =
            new Competition(benchmark, settings.rounds(), System.out::println);
        List<Row> rows = Row.of(competition.run(), benchmark);
        Report report = new RaceReport(environment, settings, benchmark.title(), rows);
        reports.add(told(report, settings, benchmark.name()));
      }
      for (Study study : studies(settings, server, meter)) {
        List<Line> lines = Line.of(study.run(System.out::println));
        Report report = new StudyReport(environment, settings, study.title(), lines);
        reports.add(told(report, settings, study.name()));
      }
    }
    return reports;
  }

  private static Report told(Report report, Settings settings, String name) throws IOException {
    System.out.println(report.table());
    System.out.println("written: " + report.writeInto(settings.out(), name));
    System.out.println("drawn: " + report.bars().writeInto(settings.out(), name));
    return report;
  }

  private static List<Benchmark> benchmarks(Settings settings, Server server, Meter meter) {
    List<Benchmark> chosen = new ArrayList<>();
    if (settings.asksFor(Settings.Which.DRAIN)) {
      chosen.add(new DrainBenchmark(server, meter, settings.payload()).of(settings.items()));
    }
    if (settings.asksFor(Settings.Which.KEYS)) {
      chosen.add(new KeysBenchmark(server, meter, settings.payload()).of(settings.items()));
    }
    if (settings.asksFor(Settings.Which.ENQUEUE)) {
      EnqueueBenchmark enqueue = new EnqueueBenchmark(server, meter, settings.payload());
      chosen.add(enqueue.single(settings.singles()));
      chosen.add(enqueue.many(settings.items()));
    }
    return chosen;
  }

  private static List<Study> studies(Settings settings, Server server, Meter meter) {
    List<Study> chosen = new ArrayList<>();
    if (settings.asksFor(Settings.Which.PICKUP)) {
      chosen.add(new PickupStudy(server, settings.pickups()).of(settings.rounds()));
    }
    if (settings.asksFor(Settings.Which.IDLE)) {
      chosen.add(new IdleStudy(server, Duration.ofSeconds(settings.idle())).study());
    }
    if (settings.asksFor(Settings.Which.HANG)) {
      chosen.add(new HangStudy(server).of(settings.rounds()));
    }
    if (settings.asksFor(Settings.Which.BACKLOG)) {
      chosen.add(new BacklogStudy(server, settings.backlog()).study());
    }
    if (settings.asksFor(Settings.Which.REAPER)) {
      chosen.add(new ReaperStudy(server, settings.backlog()).study());
    }
    if (settings.asksFor(Settings.Which.SNAPSHOT)) {
      Duration held = Duration.ofSeconds(settings.snapshot());
      chosen.add(new SnapshotStudy(server, held).study());
    }
    if (settings.asksFor(Settings.Which.HANGS)) {
      chosen.add(new HangsStudy(server, settings.singles()).of(settings.rounds()));
    }
    if (settings.asksFor(Settings.Which.PROCESSES)) {
      chosen.add(
          new ProcessesStudy(server, meter, settings.items(), settings.payload())
              .of(settings.rounds()));
    }
    if (settings.asksFor(Settings.Which.MEMORY)) {
      chosen.add(new MemoryStudy(server).of(settings.rounds()));
    }
    return chosen;
  }
}
