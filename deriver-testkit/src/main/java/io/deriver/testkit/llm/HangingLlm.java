package io.deriver.testkit.llm;

import io.deriver.internal.Checks;
import io.deriver.testkit.internal.Threads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An LLM client without a network that answers, or keeps its caller's thread in a way that a script
 * chooses by the prompt.
 *
 * <pre>{@code
 * try (HangingLlm llm = new HangingLlm().whenPromptContains("poison", ThreadHang.LOCK)) {
 *   ... processors call llm.complete(prompt) ...
 *   llm.awaitHeld(8, ofSeconds(10));
 * }
 * }</pre>
 *
 * <p>What holds: the first rule that matches decides; without one the answer is computed from the
 * prompt ({@link PromptDigest#summary()}, or the host's function). {@link #close()} lets every
 * thread go, also those in loops, and waits for them to leave. What does not: threads that spin
 * take cores from the test for as long as they are kept.
 *
 * <p>Thread-safe.
 */
public final class HangingLlm implements AutoCloseable {

  private static final int PROMPTS_KEPT = 10_000;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final ThreadTraps traps = new ThreadTraps();
  private final HeldCalls held = new HeldCalls();
  private final FakeThreads threads = new FakeThreads();
  private final Deque<String> prompts = new ArrayDeque<>();
  private volatile Function<String, String> answer = prompt -> PromptDigest.of(prompt).summary();
  private volatile boolean closed;
  private long calls;

  /** The shape for prompts that match, unless an earlier rule took them. */
  public HangingLlm when(Predicate<String> matches, ThreadHang shape) {
    rules.add(
        new Rule(
            Objects.requireNonNull(matches, "matches"), Objects.requireNonNull(shape, "shape")));
    return this;
  }

  /** The shape for prompts that contain the text, unless an earlier rule took them. */
  public HangingLlm whenPromptContains(String text, ThreadHang shape) {
    Objects.requireNonNull(text, "text");
    return when(prompt -> prompt.contains(text), shape);
  }

  /** What prompts that no rule takes are answered with, and those of a late success. */
  public HangingLlm answering(Function<String, String> function) {
    answer = Objects.requireNonNull(function, "function");
    return this;
  }

  /** Removes all rules: the provider has recovered. Threads that are kept stay so. */
  public HangingLlm clearRules() {
    rules.clear();
    return this;
  }

  /**
   * Asks, on the caller's thread.
   *
   * @return the answer
   * @throws InterruptedException from {@link ThreadHang#FUTURE_GET} alone
   * @throws LlmFailureException from {@link ThreadHang#LATE_FAILURE}, and from every shape that was
   *     let go by {@link #close()}
   * @throws Error from the shapes that throw one
   * @throws IllegalStateException if this is closed
   */
  public String complete(String prompt) throws InterruptedException {
    receive(prompt);
    return complete(prompt, shapeFor(prompt));
  }

  private String complete(String prompt, @Nullable ThreadHang shape) throws InterruptedException {
    return shape == null ? answer.apply(prompt) : hang(prompt, shape);
  }

  /**
   * As {@link #complete(String)}, with a limit such as clients take. It is applied to {@link
   * ThreadHang#FUTURE_GET} alone, since a client can give up no other wait; and {@link
   * ThreadHang#LIMIT_IGNORED} is one that it could and forgets to.
   *
   * @param limit more than zero
   * @throws LlmFailureException also when the limit has passed
   * @throws IllegalArgumentException if the limit is not positive
   */
  public String complete(String prompt, Duration limit) throws InterruptedException {
    Checks.rule(limit.compareTo(Duration.ZERO) > 0, "limit is %s; it must be positive", limit);
    receive(prompt);
    ThreadHang shape = shapeFor(prompt);
    if (shape != ThreadHang.FUTURE_GET) {
      return complete(prompt, shape);
    }
    HeldCall call = held.enter(prompt, ThreadHang.FUTURE_GET);
    try {
      throw traps.gotten().enter(limit)
          ? letGo(ThreadHang.FUTURE_GET)
          : new LlmFailureException("no answer within " + limit);
    } finally {
      held.leave(call);
    }
  }

  /**
   * What a client's {@code close()} or {@code cancel()} of a call does, on the caller's thread:
   * nothing, and it frees nobody. For {@link ThreadHang#CLOSE_HANGS} it hangs, too, until this fake
   * is closed.
   */
  public void cancel(String prompt) throws InterruptedException {
    if (shapeFor(prompt) == ThreadHang.CLOSE_HANGS) {
      keep(prompt, ThreadHang.CLOSE_HANGS);
    }
  }

  /**
   * Asks without a thread of the caller's. For {@link ThreadHang#FUTURE_JOINED} and {@link
   * ThreadHang#FUTURE_GET} the future is never completed and no thread waits for it; for all else a
   * daemon thread of this fake's does what {@link #complete} does. Cancelling the future frees that
   * thread as little as it does in real clients.
   *
   * @return fails with what {@code complete} throws; with a {@link LlmFailureException} on close
   * @throws IllegalStateException if this is closed
   */
  public CompletableFuture<String> completeAsync(String prompt) {
    receive(prompt);
    ThreadHang shape = shapeFor(prompt);
    if (shape == ThreadHang.FUTURE_JOINED || shape == ThreadHang.FUTURE_GET) {
      return traps
          .unawaited()
          .future()
          .thenApply(
              open -> {
                throw letGo(shape);
              });
    }
    CompletableFuture<String> future = new CompletableFuture<>();
    threads.start("hanging-llm-call", () -> completeOnThisThread(prompt, shape, future));
    return future;
  }

  private void completeOnThisThread(
      String prompt, @Nullable ThreadHang shape, CompletableFuture<String> future) {
    try {
      future.complete(complete(prompt, shape));
    } catch (Throwable thrown) {
      future.completeExceptionally(thrown);
    }
  }

  private String hang(String prompt, ThreadHang shape) throws InterruptedException {
    if (shape.throwsError()) {
      Errors.raise(shape);
    }
    if (shape == ThreadHang.CHILD_LEFT) {
      threads.start("hanging-llm-child", () -> stayBehind(prompt));
      return answer.apply(prompt);
    }
    keep(prompt, shape);
    if (closed) {
      throw letGo(shape);
    }
    if (shape == ThreadHang.LATE_FAILURE) {
      throw new LlmFailureException("scripted: a late failure");
    }
    return answer.apply(prompt);
  }

  private void keep(String prompt, ThreadHang shape) throws InterruptedException {
    // Before it shows as held: who has seen it there can let it go.
    ThreadTrap trap = traps.of(shape).now();
    HeldCall call = held.enter(prompt, shape);
    try {
      trap.enter();
    } finally {
      held.leave(call);
    }
  }

  private void stayBehind(String prompt) {
    try {
      keep(prompt, ThreadHang.CHILD_LEFT);
    } catch (InterruptedException impossible) {
      throw new IllegalStateException("its wait heeds no interrupt", impossible);
    }
  }

  private static LlmFailureException letGo(ThreadHang shape) {
    return new LlmFailureException("the fake LLM was closed and let go of a call: " + shape);
  }

  private void receive(String prompt) {
    Objects.requireNonNull(prompt, "prompt");
    if (closed) {
      throw new IllegalStateException("the fake LLM is closed; it takes no more calls");
    }
    synchronized (prompts) {
      calls++;
      prompts.addLast(prompt);
      if (prompts.size() > PROMPTS_KEPT) {
        prompts.removeFirst();
      }
    }
  }

  private @Nullable ThreadHang shapeFor(String prompt) {
    for (Rule rule : rules) {
      if (rule.matches().test(prompt)) {
        return rule.shape();
      }
    }
    return null;
  }

  /** Lets the calls of {@link ThreadHang#LATE_SUCCESS} and LATE_FAILURE that are inside end now. */
  public void answerLate() {
    traps.answerLate();
  }

  /** What keeps a thread now, oldest first: calls, hanging cancels, children that were left. */
  public List<HeldCall> held() {
    return held.list();
  }

  /**
   * Waits until so many calls keep a thread at the same time, hanging cancels and children that
   * were left among them. A call counts from just before its thread enters the wait or the loop.
   *
   * @return whether they did in time
   */
  public boolean awaitHeld(int atLeast, Duration within) throws InterruptedException {
    return held.awaitAtLeast(atLeast, within);
  }

  /** How many interrupts {@link ThreadHang#INTERRUPT_SWALLOWED} has swallowed. */
  public long interruptsSwallowed() {
    return traps.swallowed();
  }

  /** How many calls came. */
  public long callCount() {
    synchronized (prompts) {
      return calls;
    }
  }

  /** The newest 10,000 prompts, oldest first. */
  public List<String> prompts() {
    synchronized (prompts) {
      return List.copyOf(prompts);
    }
  }

  /**
   * Lets every thread go and waits until all have left the fake. A second call does nothing.
   * Futures are completed on threads of the fake's: what a host has hung behind one keeps no other.
   *
   * @throws IllegalStateException if one has not within 10 s
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    traps.openAll();
    if (traps.unawaited().isAwaited()) {
      threads.start("hanging-llm-let-go", traps.unawaited()::open);
    } else {
      traps.unawaited().open();
    }
    List<Thread> own = new ArrayList<>(threads.live());
    own.addAll(traps.keepers());
    Thread left = Threads.awaitEnd(own, CLOSE_LIMIT);
    if (left != null) {
      throw new IllegalStateException("thread %s did not end".formatted(left.getName()));
    }
    awaitAllLeft();
  }

  private void awaitAllLeft() {
    try {
      if (!held.awaitEmpty(CLOSE_LIMIT)) {
        throw new IllegalStateException("these calls were not let go: " + held());
      }
    } catch (InterruptedException e) {
      // They are let go all the same; only the waiting ends.
      Thread.currentThread().interrupt();
    }
  }

  private record Rule(Predicate<String> matches, ThreadHang shape) {}
}
