package io.deriver.benchmarks.snapshot;

import io.deriver.spi.NodeStore;
import io.deriver.spi.WorkStore;
import org.jspecify.annotations.Nullable;

/**
 * Times the claims of one pool.
 *
 * @param bounds what the store's connections are watched by
 * @param times where they are added
 */
record ClaimWatch(LowerBounds bounds, ClaimTimes times) {

  /** The store, watched. */
  WorkStore watching(WorkStore store) {
    return Around.of(
        WorkStore.class,
        store,
        (method, arguments, target) -> {
          Object answer = target.call();
          return answer instanceof NodeStore node ? watching(node) : answer;
        });
  }

  private NodeStore watching(NodeStore node) {
    return Around.of(
        NodeStore.class,
        node,
        (method, arguments, target) ->
            method.getName().equals("claim") ? claimed(target) : target.call());
  }

  // One thread of the pool claims, one call after the other.
  private @Nullable Object claimed(Around.Target claim) throws Throwable {
    boolean unused = bounds.takeFromZero();
    long start = System.nanoTime();
    Object batch = claim.call();
    long nanos = System.nanoTime() - start;
    times.add(new ClaimTimes.One(start, nanos, bounds.takeFromZero()));
    return batch;
  }
}
