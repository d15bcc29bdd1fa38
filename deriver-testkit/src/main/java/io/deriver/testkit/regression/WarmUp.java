package io.deriver.testkit.regression;

import io.deriver.Pool;
import io.deriver.testkit.pool.UnitEnd;
import java.util.List;

/**
 * Works a few units with a provider that is well, so that the limits of the plays do not end runs
 * whose classes are still being loaded, and so that a processor that never works is told apart from
 * one that wedges.
 */
final class WarmUp {

  private WarmUp() {}

  /**
   * Closes the stage, whatever happens.
   *
   * @throws IllegalStateException if a unit is not done within {@code within}
   */
  @SuppressWarnings("try") // the pool works while it is open
  static <T> void with(PlaySettings settings, PlayItems<T> items, Stage<T> stage)
      throws InterruptedException {
    PlayLog log = new PlayLog();
    stage.recover();
    try (stage;
        Pool unused = PlayPool.start(settings, PlayPool.longer(settings), items, stage, log)) {
      List<String> keys = items.enqueue(0, settings.slots());
      log.await(() -> keys.stream().allMatch(key -> log.over(key).isPresent()), settings.within());
      for (String key : keys) {
        if (!log.isDone(key)) {
          throw new IllegalStateException(
              "with a provider that is well the unit of key=%s was not done%s: %s"
                      .formatted(
                          key,
                          log.over(key).isPresent() ? "" : " within " + settings.within(),
                          log.last(key).map(UnitEnd::toString).orElse("no claim of it has ended"))
                  + "\nBefore any shape is played the processor must work: does it call what the"
                  + " test gave it, at baseUrl() and what its client wants behind that, /v1 say?");
        }
      }
    }
  }
}
