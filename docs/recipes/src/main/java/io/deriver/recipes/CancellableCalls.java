package io.deriver.recipes;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Registers every call of an OkHttp client with the run of the thread that makes it. */
// docs:start interceptor
public final class CancellableCalls implements Interceptor {

  @Override
  public Response intercept(Chain chain) throws IOException {
    RunScope scope = RunScope.current();
    if (scope != null) {
      scope.onCancel(chain.call()::cancel);
    }
    return chain.proceed(chain.request());
  }
}
// docs:end
