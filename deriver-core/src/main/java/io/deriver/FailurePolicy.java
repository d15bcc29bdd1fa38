package io.deriver;

import io.deriver.internal.Checks;
import io.deriver.internal.failure.StandardFailures;
import java.time.Duration;
import java.util.Objects;

/**
 * Decides what an exception of a processor means for its unit. Runs on the run's own thread, under
 * its limits. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface FailurePolicy {

  /**
   * The default. What no attempt can mend goes to the dead letters: payloads that cannot be
   * decoded, {@link PermanentFailureException}, {@link LinkageError}, and the answers 400, 401, 413
   * and 422 of a provider; after a 401 (the API key is refused) the type is paused for 5 minutes
   * besides. Where a 429, 503 or 529 says when to come back ({@code Retry-After}), the attempt does
   * not count and the type is paused for that time, 10 minutes at most. Everything else is tried
   * again after {@link Limits#backoff()}, until the attempts are used up; if the answer says when,
   * not before that.
   *
   * <p>Answers are known by the exceptions of openai-java, anthropic-java, google-genai and
   * langchain4j, and of any client whose exception, or a cause of it, has a public {@code int
   * statusCode()}. What it cannot do: of google-genai and langchain4j, whose exceptions have no
   * headers, it never hears when to come back.
   */
  static FailurePolicy standard() {
    return new StandardFailures();
  }

  /**
   * Classifies a failure. If this throws, or answers null, the failure counts as {@link
   * Verdict#RETRY}.
   *
   * @param error what the processor threw
   * @param attempt 1 for the first
   */
  Verdict classify(Throwable error, int attempt);

  /**
   * What a failure means. Immutable.
   *
   * @param kind what becomes of the unit
   * @param notBefore how long the key rests at least, zero to 366 days; the backoff may be longer.
   *     Of no meaning for {@link Kind#PERMANENT}
   * @param pause how long this pool claims nothing more of the unit's type, zero to 1 day: for what
   *     concerns all units alike. Runs that are live go on
   */
  record Verdict(Kind kind, Duration notBefore, Duration pause) {

    /** See {@link Kind#RETRY}. */
    public static final Verdict RETRY = new Verdict(Kind.RETRY, Duration.ZERO, Duration.ZERO);

    /** See {@link Kind#PERMANENT}. */
    public static final Verdict PERMANENT =
        new Verdict(Kind.PERMANENT, Duration.ZERO, Duration.ZERO);

    /** See {@link Kind#RELEASE}. */
    public static final Verdict RELEASE = new Verdict(Kind.RELEASE, Duration.ZERO, Duration.ZERO);

    /**
     * @throws IllegalArgumentException if a time is out of its range
     */
    public Verdict {
      Objects.requireNonNull(kind, "kind");
      Checks.between("notBefore", notBefore, Duration.ZERO, Duration.ofDays(366));
      Checks.between("pause", pause, Duration.ZERO, Duration.ofDays(1));
    }

    /** The same, and the key rests so long at least. */
    public Verdict notBefore(Duration time) {
      return new Verdict(kind, time, pause);
    }

    /** The same, and the pool claims nothing of the type for so long. */
    public Verdict pausing(Duration time) {
      return new Verdict(kind, notBefore, time);
    }
  }

  /** What becomes of the unit. */
  enum Kind {
    /** Another attempt may do better: back off, then try again while attempts are left. */
    RETRY,
    /**
     * No attempt can do better: dead-letter an item that is alone in its unit now. Of several, the
     * older half is tried without rest, until the one at fault is alone.
     */
    PERMANENT,
    /** Not the unit's fault: back off and try again; the attempt does not count. */
    RELEASE
  }
}
