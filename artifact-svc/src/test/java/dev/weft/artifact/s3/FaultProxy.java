package dev.weft.artifact.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands requests on, and breaks some of those that the test points at. */
final class FaultProxy implements AutoCloseable {

  private static final Set<String> OWN =
      Set.of("host", "connection", "content-length", "expect", "transfer-encoding", "date");

  /** What becomes of a request. */
  enum Fault {
    /** Not handed on: 500. */
    ERROR,
    /** Handed on, and never answered. */
    NO_ANSWER,
    /** Handed on; half of the answer's body, then the connection ends. */
    HALF_BODY
  }

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI target;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger left = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private volatile Fault fault = Fault.ERROR;
  private volatile String method = "";
  private volatile String query = "";

  FaultProxy(URI target) throws IOException {
    this.target = target;
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Breaks the next requests of a method whose query contains a word. */
  void breakNext(int count, Fault how, String ofMethod, String withQuery) {
    fault = how;
    method = ofMethod;
    query = withQuery;
    broken.set(0);
    left.set(count);
  }

  /** How many were broken since. */
  int broken() {
    return broken.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String asked = String.valueOf(exchange.getRequestURI().getRawQuery());
    boolean breaks =
        exchange.getRequestMethod().equals(method)
            && asked.contains(query)
            && left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    if (breaks) {
      broken.incrementAndGet();
    }
    try (exchange) {
      if (breaks && fault == Fault.ERROR) {
        exchange.sendResponseHeaders(500, -1);
        return;
      }
      HttpResponse<byte[]> answer = handOn(exchange, body);
      if (breaks && fault == Fault.NO_ANSWER) {
        closed.await();
        return;
      }
      answer(exchange, answer, breaks);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> handOn(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    URI asked = exchange.getRequestURI();
    String raw = asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target + asked.getRawPath() + raw))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    for (var header : exchange.getRequestHeaders().entrySet()) {
      if (!OWN.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        header.getValue().forEach(value -> request.header(header.getKey(), value));
      }
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer, boolean half)
      throws IOException {
    for (var header : answer.headers().map().entrySet()) {
      if (!OWN.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        exchange.getResponseHeaders().put(header.getKey(), List.copyOf(header.getValue()));
      }
    }
    byte[] body = answer.body();
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      answer
          .headers()
          .firstValue("content-length")
          .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
    }
    exchange.sendResponseHeaders(answer.statusCode(), head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      OutputStream out = exchange.getResponseBody();
      out.write(body, 0, half ? body.length / 2 : body.length);
      out.flush();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    client.close();
  }
}
