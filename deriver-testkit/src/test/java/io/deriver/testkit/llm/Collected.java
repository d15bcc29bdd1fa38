package io.deriver.testkit.llm;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** An asynchronous call whose response can be watched while it arrives. */
final class Collected implements BodySubscriber<String> {

  private final CompletableFuture<String> body = new CompletableFuture<>();
  private final List<String> pieces = new CopyOnWriteArrayList<>();
  private volatile int status;
  private volatile @Nullable HttpHeaders headers;
  private final CompletableFuture<HttpResponse<String>> response;

  Collected(HttpClient client, HttpRequest request) {
    response = client.sendAsync(request, this::begin);
  }

  private BodySubscriber<String> begin(HttpResponse.ResponseInfo info) {
    headers = info.headers();
    status = info.statusCode();
    return this;
  }

  /** 0 until the headers have come. */
  int status() {
    return status;
  }

  String header(String name) {
    HttpHeaders known = headers;
    return known == null ? "" : known.firstValue(name).orElse("");
  }

  String soFar() {
    return String.join("", pieces);
  }

  CompletableFuture<HttpResponse<String>> response() {
    return response;
  }

  @Override
  public CompletionStage<String> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    buffers.forEach(buffer -> pieces.add(StandardCharsets.UTF_8.decode(buffer).toString()));
  }

  @Override
  public void onError(Throwable error) {
    body.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    body.complete(soFar());
  }
}
