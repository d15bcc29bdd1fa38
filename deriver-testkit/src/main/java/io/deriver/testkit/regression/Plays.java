package io.deriver.testkit.regression;

import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.internal.Threads;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Plays several shapes at once, and those that burn the processor one by one after the others. */
final class Plays {

  private static final Set<HangShape> BURNING =
      EnumSet.of(HangShape.CPU_SPIN, HangShape.ENDLESS_OUTPUT);
  private static final int NO_LONGER_PINNED = 24;
  private static final Duration LEAVE = Duration.ofSeconds(30);

  private final int atOnce;

  Plays(int atOnce) {
    this.atOnce = atOnce;
  }

  /** One play. */
  @FunctionalInterface
  interface Play {
    ShapeReport of(HangShape shape) throws InterruptedException;
  }

  /** Whether a virtual thread in this shape keeps its carrier from all others. */
  static boolean takesCarriers(HangShape shape) {
    return shape == HangShape.CPU_SPIN
        || (shape == HangShape.CARRIER_PINNED && Runtime.version().feature() < NO_LONGER_PINNED);
  }

  /** Plays all; the reports are in the order of the shapes. */
  List<ShapeReport> all(List<HangShape> shapes, Play play) throws InterruptedException {
    List<HangShape> together = shapes.stream().filter(shape -> !BURNING.contains(shape)).toList();
    Map<HangShape, ShapeReport> reports = new EnumMap<>(HangShape.class);
    playTogether(together, play, reports);
    for (HangShape shape : shapes) {
      if (BURNING.contains(shape)) {
        reports.put(shape, play.of(shape));
      }
    }
    return List.copyOf(reports.values());
  }

  private void playTogether(List<HangShape> shapes, Play play, Map<HangShape, ShapeReport> reports)
      throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(atOnce, Plays::daemon);
    try {
      CompletionService<ShapeReport> plays = new ExecutorCompletionService<>(threads);
      shapes.forEach(shape -> plays.submit(() -> play.of(shape)));
      for (int i = 0; i < shapes.size(); i++) {
        ShapeReport report = plays.take().get();
        reports.put(report.shape(), report);
      }
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      threads.shutdownNow();
      awaitEnd(threads);
    }
  }

  /** Of plays that were interrupted: they close what they have begun, through interrupts too. */
  private static void awaitEnd(ExecutorService threads) {
    long until = System.nanoTime() + LEAVE.toNanos();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended && until - System.nanoTime() > 0) {
      try {
        ended = threads.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static RuntimeException unwrapped(ExecutionException e) {
    if (e.getCause() instanceof RuntimeException cause) {
      return cause;
    }
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a play was interrupted", e.getCause());
  }

  private static Thread daemon(Runnable body) {
    return Threads.daemon("deriver-regression", body);
  }
}
