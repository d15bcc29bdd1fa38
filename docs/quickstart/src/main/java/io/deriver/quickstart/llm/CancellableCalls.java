package io.deriver.quickstart.llm;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Leaves the {@code cancel()} of every HTTP call that the SDK makes with the {@link CancelHook} of
 * the thread that makes it. The SDK hands out neither its requests nor its calls, and closing its
 * response stream hangs when the stream hangs; an interceptor on its OkHttp client sees both. It is
 * the recipe of docs/letting-go.md with a hook in place of the run, since the pools of the first
 * two acts have none.
 */
final class CancellableCalls implements Interceptor {

  private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();

  /** From here until the scope is closed, calls of this thread are left with the hook. */
  Scope open(CancelHook hook) {
    Scope scope = new Scope(hook);
    CURRENT.set(scope);
    return scope;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Scope scope = CURRENT.get();
    if (scope != null) {
      scope.add(chain.call()::cancel);
    }
    return chain.proceed(chain.request());
  }

  /** The calls of one summary. Used by one thread. */
  static final class Scope {

    private final CancelHook hook;
    private final Deque<Runnable> registrations = new ArrayDeque<>();

    private Scope(CancelHook hook) {
      this.hook = hook;
    }

    private void add(Runnable cancel) {
      registrations.push(hook.onCancel(cancel));
    }

    void close() {
      CURRENT.remove();
      registrations.forEach(Runnable::run);
    }
  }
}
