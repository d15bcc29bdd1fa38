package io.deriver.testkit.llm;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** One trap a shape. */
final class ThreadTraps {

  private final FutureTrap future = new FutureTrap(true);
  // Not that of the threads: who completes it runs what hosts have hung behind it, which may block.
  private final FutureTrap unawaited = new FutureTrap(true);
  private final FutureTrap gotten = new FutureTrap(false);
  private final SwallowingTrap swallowing = new SwallowingTrap();
  private final LockTrap lock = new LockTrap(false);
  private final LockTrap monitor = new LockTrap(true);
  private final LateTrap lateSuccess = new LateTrap();
  private final LateTrap lateFailure = new LateTrap();
  private final Map<ThreadHang, ThreadTrap> traps = new EnumMap<>(ThreadHang.class);

  ThreadTraps() {
    traps.put(ThreadHang.FUTURE_JOINED, future);
    traps.put(ThreadHang.FUTURE_GET, gotten);
    traps.put(ThreadHang.NAME_LOOKUP, new LookupTrap());
    traps.put(ThreadHang.LIMIT_IGNORED, new SemaphoreTrap());
    traps.put(ThreadHang.INTERRUPT_SWALLOWED, swallowing);
    traps.put(ThreadHang.LOCK, lock);
    traps.put(ThreadHang.MONITOR, monitor);
    traps.put(ThreadHang.SEMAPHORE, new SemaphoreTrap());
    traps.put(ThreadHang.PINNED, new PinTrap());
    traps.put(ThreadHang.CLOSE_HANGS, new SemaphoreTrap());
    traps.put(ThreadHang.CHILD_LEFT, new SemaphoreTrap());
    traps.put(ThreadHang.CPU_SPIN, new SpinTrap(false));
    traps.put(ThreadHang.REGEX_SPIN, new SpinTrap(true));
    traps.put(ThreadHang.LATE_SUCCESS, lateSuccess);
    traps.put(ThreadHang.LATE_FAILURE, lateFailure);
  }

  ThreadTrap of(ThreadHang shape) {
    return Objects.requireNonNull(traps.get(shape), "a trap for each shape that keeps threads");
  }

  /** The one behind futures that no thread of ours waits for. */
  FutureTrap unawaited() {
    return unawaited;
  }

  /** The one that can be waited for with a limit. */
  FutureTrap gotten() {
    return gotten;
  }

  long swallowed() {
    return swallowing.swallowed();
  }

  void answerLate() {
    lateSuccess.letInsideGo();
    lateFailure.letInsideGo();
  }

  /** Lets all threads go; never blocks. */
  void openAll() {
    traps.values().forEach(ThreadTrap::open);
  }

  /** The threads that hold locks. */
  List<Thread> keepers() {
    return Stream.of(lock, monitor).map(LockTrap::keeper).filter(Objects::nonNull).toList();
  }
}
