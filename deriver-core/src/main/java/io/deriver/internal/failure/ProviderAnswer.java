package io.deriver.internal.failure;

import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a provider that an exception tells of, read from the exception as it is: no client
 * library is depended on.
 *
 * <p>Understood are exceptions, or causes of them, with a public {@code int statusCode()}
 * (openai-java, anthropic-java, langchain4j, and many clients beside) and google-genai's {@code
 * code()}. Where there are {@code headers()} with {@code values(String)}, they are asked when to
 * come back. Whatever an exception does when it is asked, nothing is thrown.
 *
 * @param status of HTTP, 400 to 599
 * @param retryAfter how long the provider wants to be left alone, if it said so
 */
public record ProviderAnswer(int status, Optional<Duration> retryAfter) {

  private static final int CAUSES = 10;
  private static final String GOOGLE = "com.google.genai.";

  /** What this exception tells, if it does. */
  public static Optional<ProviderAnswer> in(Throwable error) {
    Throwable at = error;
    for (int i = 0; at != null && i < CAUSES; i++) {
      Optional<ProviderAnswer> answer = of(at);
      if (answer.isPresent()) {
        return answer;
      }
      at = at.getCause();
    }
    return Optional.empty();
  }

  /**
   * Whether this tells that the provider is down, busy or out of reach: an answer of 408, 425, 429
   * or 5xx, or a failure of I/O.
   */
  public static boolean isOutage(Throwable error) {
    Optional<ProviderAnswer> answer = in(error);
    if (answer.isPresent()) {
      int status = answer.get().status();
      return status >= 500 || status == 408 || status == 425 || status == 429;
    }
    Throwable at = error;
    for (int i = 0; at != null && i < CAUSES; i++) {
      if (at instanceof IOException) {
        return true;
      }
      at = at.getCause();
    }
    return false;
  }

  private static Optional<ProviderAnswer> of(Throwable error) {
    String name = error.getClass().getName().startsWith(GOOGLE) ? "code" : "statusCode";
    return asked(error, name) instanceof Integer status && status >= 400 && status <= 599
        ? Optional.of(new ProviderAnswer(status, retryAfter(error)))
        : Optional.empty();
  }

  private static Optional<Duration> retryAfter(Throwable error) {
    Object headers = asked(error, "headers");
    return headers == null
        ? Optional.empty()
        : RetryAfter.of(name -> asked(headers, "values", name));
  }

  private static @Nullable Object asked(Object of, String method, Object... with) {
    try {
      Class<?>[] types = new Class<?>[with.length];
      Arrays.fill(types, String.class);
      Method found = of.getClass().getMethod(method, types);
      return found.trySetAccessible() ? found.invoke(of, with) : null;
    } catch (ReflectiveOperationException | RuntimeException notTold) {
      return null;
    }
  }
}
