package io.deriver.internal.failure;

import io.deriver.FailurePolicy;
import io.deriver.PermanentFailureException;
import java.time.Duration;

/** {@link FailurePolicy#standard()}: see there for what it says. */
public final class StandardFailures implements FailurePolicy {

  private static final Duration AFTER_A_REFUSED_KEY = Duration.ofMinutes(5);
  private static final Duration LONGEST_WISH = Duration.ofMinutes(10);

  @Override
  public Verdict classify(Throwable error, int attempt) {
    if (error instanceof PermanentFailureException || error instanceof LinkageError) {
      return Verdict.PERMANENT;
    }
    return ProviderAnswer.in(error).map(StandardFailures::of).orElse(Verdict.RETRY);
  }

  private static Verdict of(ProviderAnswer answer) {
    return switch (answer.status()) {
      case 400, 413, 422 -> Verdict.PERMANENT;
      case 401 -> Verdict.PERMANENT.pausing(AFTER_A_REFUSED_KEY);
      case 429, 503, 529 ->
          answer.retryAfter().map(StandardFailures::leftAlone).orElse(Verdict.RETRY);
      default ->
          answer
              .retryAfter()
              .map(time -> Verdict.RETRY.notBefore(bounded(time)))
              .orElse(Verdict.RETRY);
    };
  }

  /** It is busy with others, and says until when: that is nobody's fault, and concerns all. */
  private static Verdict leftAlone(Duration time) {
    return Verdict.RELEASE.notBefore(bounded(time)).pausing(bounded(time));
  }

  /** Providers were seen to ask for days. */
  private static Duration bounded(Duration time) {
    return time.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : time;
  }
}
