package io.deriver.testkit.catalogue;

import io.deriver.testkit.llm.HangingLlm;
import io.deriver.testkit.llm.HeldCall;
import io.deriver.testkit.llm.ThreadHang;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An LLM client without a network that meets every call with one {@link HangShape}, until it
 * recovers; from then on it answers. It is what {@link HangingProvider} is for the shapes that are
 * made in the client's own code, and {@link HangingLlm} with a single rule.
 *
 * <pre>{@code
 * try (HangingClient client = HangingClient.of(HangShape.LOCK_NEVER_FREE)) {
 *   ... processors call client.complete(prompt) ...
 *   client.awaitMet(8, ofSeconds(10));
 *   client.recover();
 * }
 * }</pre>
 *
 * <p>What holds: {@link #close()} lets every thread go, also those in loops, and waits for them to
 * leave. What does not: threads that spin take cores from the test for as long as they are kept.
 *
 * <p>Thread-safe.
 */
public final class HangingClient implements AutoCloseable {

  private final ThreadHang variant;
  private final HangShape shape;
  private final HangingLlm llm = new HangingLlm();
  private final Tally met = new Tally();
  private volatile boolean recovered;

  private HangingClient(HangShape shape, ThreadHang variant) {
    this.shape = shape;
    this.variant = variant;
    llm.when(prompt -> !recovered, variant);
  }

  /**
   * One in this shape; where there are several ways to make it, in the first of {@link
   * #variants(HangShape)}.
   *
   * @throws IllegalArgumentException if the shape is not made in a client
   */
  public static HangingClient of(HangShape shape) {
    return new HangingClient(shape, variants(shape).get(0));
  }

  /**
   * One in the shape that has this variant.
   *
   * @throws IllegalArgumentException if no shape has it: {@link ThreadHang#LATE_SUCCESS} and {@link
   *     ThreadHang#LATE_FAILURE}, which the catalogue has on a network
   */
  public static HangingClient of(ThreadHang variant) {
    for (HangShape shape : HangShape.values()) {
      if (shape.place() == Place.CLIENT && variants(shape).contains(variant)) {
        return new HangingClient(shape, variant);
      }
    }
    throw new IllegalArgumentException(
        "variant is %s; no shape that is made in a client has it".formatted(variant));
  }

  /**
   * The ways in which a shape can be made, the plainest first; each belongs to one shape.
   *
   * @throws IllegalArgumentException if the shape is not made in a client
   */
  public static List<ThreadHang> variants(HangShape shape) {
    return switch (shape) {
      case NAME_LOOKUP_NEVER_RETURNS -> List.of(ThreadHang.NAME_LOOKUP);
      case TIMEOUT_IGNORED -> List.of(ThreadHang.LIMIT_IGNORED);
      case CALLBACK_NEVER_FIRES -> List.of(ThreadHang.FUTURE_JOINED, ThreadHang.FUTURE_GET);
      case INTERRUPT_SWALLOWED -> List.of(ThreadHang.INTERRUPT_SWALLOWED);
      case LOCK_NEVER_FREE -> List.of(ThreadHang.LOCK, ThreadHang.MONITOR, ThreadHang.SEMAPHORE);
      case CARRIER_PINNED -> List.of(ThreadHang.PINNED);
      case CPU_SPIN -> List.of(ThreadHang.CPU_SPIN, ThreadHang.REGEX_SPIN);
      case CLOSE_HANGS -> List.of(ThreadHang.CLOSE_HANGS);
      case ERROR_THROWN ->
          List.of(ThreadHang.STACK_OVERFLOW, ThreadHang.OUT_OF_MEMORY, ThreadHang.LINKAGE);
      case CHILD_THREAD_LEFT -> List.of(ThreadHang.CHILD_LEFT);
      default -> throw shape.notMadeOn(Place.CLIENT);
    };
  }

  /** What it meets calls with. */
  public HangShape shape() {
    return shape;
  }

  /** How the shape is made. */
  public ThreadHang variant() {
    return variant;
  }

  /**
   * Asks, on the caller's thread: see {@link HangingLlm#complete(String)}.
   *
   * @return the answer
   * @throws InterruptedException from {@link ThreadHang#FUTURE_GET} alone
   * @throws io.deriver.testkit.llm.LlmFailureException when it was let go by {@link #close()}
   * @throws Error from the variants that throw one
   * @throws IllegalStateException if this is closed
   */
  public String complete(String prompt) throws InterruptedException {
    return counted(() -> llm.complete(prompt));
  }

  /**
   * As {@link #complete(String)}, with a limit such as clients take, which {@link
   * ThreadHang#FUTURE_GET} alone heeds: see {@link HangingLlm#complete(String, Duration)}.
   *
   * @param limit more than zero
   */
  public String complete(String prompt, Duration limit) throws InterruptedException {
    return counted(() -> llm.complete(prompt, limit));
  }

  private String counted(Call call) throws InterruptedException {
    if (recovered) {
      return call.ask();
    }
    met.enter();
    try {
      return call.ask();
    } finally {
      if (variant.keepsThread()) {
        met.leave();
      }
    }
  }

  /**
   * Asks without a thread of the caller's: see {@link HangingLlm#completeAsync}.
   *
   * @return fails with what {@link #complete(String)} throws
   */
  public CompletableFuture<String> completeAsync(String prompt) {
    if (recovered) {
      return llm.completeAsync(prompt);
    }
    CompletableFuture<String> future = llm.completeAsync(prompt);
    met.enter();
    if (variant.keepsThread()) {
      var unused = future.whenComplete((answer, failure) -> met.leave());
    }
    return future;
  }

  /**
   * What a client's {@code cancel()} of a call does: nothing; for {@link HangShape#CLOSE_HANGS} it
   * hangs, too.
   */
  public void cancel(String prompt) throws InterruptedException {
    llm.cancel(prompt);
  }

  /**
   * Waits until so many calls are in the shape at the same time; a call counts from just before its
   * thread waits or spins. For {@link HangShape#ERROR_THROWN} and {@link
   * HangShape#CHILD_THREAD_LEFT}, which end a call at once, it is the number of calls that were met
   * so.
   *
   * @return whether they were in time
   */
  public boolean awaitMet(int atLeast, Duration within) throws InterruptedException {
    return met.await(atLeast, within);
  }

  /** How many calls have been in the shape so far, those that left it included. */
  public int met() {
    return met.ever();
  }

  /** Which threads it keeps now, oldest first: calls, hanging cancels, children that were left. */
  public List<HeldCall> held() {
    return llm.held();
  }

  /** Answers new calls from now on. Calls that hang go on to hang. */
  public void recover() {
    recovered = true;
  }

  /**
   * Lets every thread go and waits until all have left. A second call does nothing.
   *
   * @throws IllegalStateException if one has not within 10 s
   */
  @Override
  public void close() {
    llm.close();
  }

  /** A call on the caller's thread. */
  @FunctionalInterface
  private interface Call {
    String ask() throws InterruptedException;
  }
}
