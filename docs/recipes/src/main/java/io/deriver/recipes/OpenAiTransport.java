package io.deriver.recipes;

import com.openai.core.RequestOptions;
import com.openai.core.Timeout;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIIoException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client under the OpenAI SDK, so that each call is registered with the run of the thread
 * that makes it. The SDK's own has no place for an interceptor. Thread-safe.
 */
public final class OpenAiTransport implements HttpClient {

  private final OkHttpClient http = new OkHttpClient();

  // docs:start openai-transport
  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    Call call = registered(call(request, options));
    try {
      return response(call.execute());
    } catch (IOException e) {
      throw new OpenAIIoException("the request failed", e);
    }
  }

  // docs:end

  /** Refused: the asynchronous client calls this on threads of its own, which have no run. */
  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException(
            "an asynchronous call has no run; use the blocking client"));
  }

  private static Call registered(Call call) {
    RunScope scope = RunScope.current();
    if (scope != null) {
      scope.onCancel(call::cancel);
    }
    return call;
  }

  private Call call(HttpRequest request, RequestOptions options) {
    HttpUrl.Builder url = HttpUrl.get(request.baseUrl()).newBuilder();
    request.pathSegments().forEach(url::addPathSegment);
    request
        .queryParams()
        .keys()
        .forEach(
            key ->
                request
                    .queryParams()
                    .values(key)
                    .forEach(value -> url.addQueryParameter(key, value)));
    Request.Builder call =
        new Request.Builder()
            .url(url.build())
            .method(request.method().name(), body(request.body()));
    request
        .headers()
        .names()
        .forEach(
            name -> request.headers().values(name).forEach(value -> call.addHeader(name, value)));
    return client(options.getTimeout()).newCall(call.build());
  }

  private OkHttpClient client(@Nullable Timeout timeout) {
    return timeout == null
        ? http
        : http.newBuilder()
            .connectTimeout(timeout.connect())
            .readTimeout(timeout.read())
            .writeTimeout(timeout.write())
            .callTimeout(timeout.request())
            .build();
  }

  private static @Nullable RequestBody body(@Nullable HttpRequestBody body) {
    if (body == null) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.writeTo(bytes);
    String type = body.contentType();
    return RequestBody.create(bytes.toByteArray(), type == null ? null : MediaType.parse(type));
  }

  private static HttpResponse response(Response response) {
    Headers.Builder headers = Headers.builder();
    response.headers().toMultimap().forEach(headers::put);
    Headers copied = headers.build();
    return new HttpResponse() {
      @Override
      public int statusCode() {
        return response.code();
      }

      @Override
      public Headers headers() {
        return copied;
      }

      @Override
      public InputStream body() {
        return Objects.requireNonNull(response.body()).byteStream();
      }

      @Override
      public void close() {
        response.close();
      }
    };
  }

  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
