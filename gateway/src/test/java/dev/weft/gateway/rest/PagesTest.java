package dev.weft.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the pages are served, over a real socket. */
class PagesTest {

  private static final String AGENT = "/agents/agt_01k0000000000000000000000a";
  private static final PageFiles FILES =
      PageFiles.of(
          Map.of(
              "index.html", bytes("<!doctype html>page"),
              "assets/index-1a2b.js", bytes("code code code"),
              "assets/index-1a2b.js.gz", bytes("packed"),
              "icon.svg", bytes("<svg/>")));

  private static final Vertx VERTX = Vertx.vertx();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static int built;
  private static int bare;

  @BeforeAll
  static void open() {
    built = serve(FILES);
    bare = serve(PageFiles.of(Map.of()));
  }

  @AfterAll
  static void close() {
    VERTX.close().toCompletionStage().toCompletableFuture().join();
    CLIENT.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/agents", AGENT})
  void everyPageIsTheSameDocumentUnderAStrictPolicy(String path) {
    HttpResponse<String> answer = get(built, path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("<!doctype html>page");
    assertThat(header(answer, "content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(answer, "content-security-policy"))
        .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")
        .doesNotContain("unsafe-eval", "*");
    assertThat(header(answer, "referrer-policy")).isEqualTo("no-referrer");
    assertThat(header(answer, "cross-origin-opener-policy")).isEqualTo("same-origin");
    assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(answer, "cache-control")).isEqualTo("no-cache");
  }

  @Test
  void whatIsNamedByItsHashIsKeptForEverAndPackedForWhoTakesIt() {
    HttpResponse<String> plain = get(built, "/ui/assets/index-1a2b.js");
    HttpResponse<String> packed =
        get(built, "/ui/assets/index-1a2b.js", "Accept-Encoding", "br, gzip");

    assertThat(plain.body()).isEqualTo("code code code");
    assertThat(header(plain, "cache-control")).contains("immutable");
    assertThat(packed.body()).isEqualTo("packed");
    assertThat(header(packed, "content-encoding")).isEqualTo("gzip");
    assertThat(header(packed, "vary")).isEqualTo("Accept-Encoding");
  }

  @Test
  void aKnownFileIsNotSentAgain() {
    String tag = header(get(built, "/ui/icon.svg"), "etag");

    HttpResponse<String> again = get(built, "/ui/icon.svg", "If-None-Match", tag);

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void aHeadHasTheLengthAndNoBytes() {
    HttpResponse<String> answer = send(built, "HEAD", "/ui/icon.svg");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "content-length")).isEqualTo("6");
    assertThat(answer.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ui/",
        "/ui/none.js",
        "/ui/files.txt",
        "/ui/assets/index-1a2b.js.gz",
        "/ui/..%2f..%2fapplication.properties",
        "/ui/%2e%2e/application.properties"
      })
  void whatIsNoFileOfThePagesIsAProblem(String path) {
    HttpResponse<String> answer = get(built, path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).doesNotContain("quarkus.");
  }

  @Test
  void nothingIsTakenIn() {
    HttpResponse<String> answer = send(built, "PUT", "/ui/icon.svg");

    assertThat(answer.body()).contains("METHOD_NOT_ALLOWED");
    assertThat(header(answer, "allow")).isEqualTo("GET, HEAD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/agents/spawn", "/agents/agt_A", "/agents/x/y", "/agentsx"})
  void otherPathsAreNotThePages(String path) {
    assertThat(get(built, path).body()).doesNotContain("page");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/agents", AGENT, "/ui/icon.svg"})
  void aBuildWithoutThePagesSaysHowToGetThem(String path) {
    HttpResponse<String> answer = get(bare, path);

    assertThat(answer.statusCode()).isEqualTo(501);
    assertThat(answer.body()).contains("PAGES_MISSING", "Node", "./mvnw");
  }

  private static int serve(PageFiles files) {
    Router router = Router.router(VERTX);
    new Pages(files).route(router);
    HttpServer server = VERTX.createHttpServer().requestHandler(router);
    return server
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .actualPort();
  }

  private static HttpResponse<String> get(int port, String path, String... headers) {
    return send(port, "GET", path, headers);
  }

  private static HttpResponse<String> send(
      int port, String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
