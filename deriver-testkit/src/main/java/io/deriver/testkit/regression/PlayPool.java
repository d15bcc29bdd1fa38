package io.deriver.testkit.regression;

import io.deriver.Limits;
import io.deriver.Pool;
import io.deriver.testkit.catalogue.Expected;
import io.deriver.testkit.catalogue.HangShape;
import java.time.Duration;
import java.util.function.Consumer;

/** Starts the pools of plays. */
final class PlayPool {

  private static final int SPARE_THREADS = 64;
  private static final int LONGER = 5;

  private PlayPool() {}

  static <T> Pool start(
      PlaySettings settings,
      Consumer<Limits.Builder> limits,
      PlayItems<T> items,
      Stage<T> stage,
      PlayLog log) {
    return Pool.builder(items.store())
        .name("regression")
        .slots(settings.slots())
        .maxAbandoned(settings.slots() * 4 + SPARE_THREADS)
        .virtualThreads(settings.virtualThreads())
        .processor(
            items.played(), new WatchedProcessor<>(items.host(), stage.processor(), log), limits)
        .pollInterval(Duration.ofMillis(5), Duration.ofMillis(50))
        .closeTimeout(Duration.ZERO)
        .listener(log)
        .start();
  }

  /**
   * The host's; but longer in shapes that end a call at once, so that on a slow machine the call's
   * end comes first, and not the limit.
   */
  static Consumer<Limits.Builder> limits(PlaySettings settings, HangShape shape) {
    boolean atOnce = shape.expected() == Expected.FAILS || shape.expected() == Expected.ENDS;
    return atOnce ? longer(settings) : settings.limits();
  }

  /** Five times the host's, and only the timeout ends a run. */
  static Consumer<Limits.Builder> longer(PlaySettings settings) {
    return builder -> {
      settings.limits().accept(builder);
      Limits host = builder.build();
      Duration timeout = host.timeout().multipliedBy(LONGER);
      builder.timeout(timeout);
      host.idleTimeout().ifPresent(limit -> builder.idleTimeout(timeout));
      host.firstProgressTimeout().ifPresent(limit -> builder.firstProgressTimeout(timeout));
    };
  }
}
