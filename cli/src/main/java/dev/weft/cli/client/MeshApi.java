package dev.weft.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Calls of the gateway's REST door. Every call is repeatable, so one that gets no answer is sent
 * again, to the next gateway, until the patience is over. Safe for concurrent use.
 */
public final class MeshApi implements AutoCloseable {
  /** Reads and writes trees only, so it needs no reflection. */
  public static final ObjectMapper JSON = new ObjectMapper();

  static final Duration CALL_LIMIT = Duration.ofSeconds(40);

  private final Endpoints endpoints;
  private final String token;
  private final Trace trace;
  private final Pace pace;
  private final Consumer<ApiException> onThrottled;
  private final HttpClient client;
  private volatile int preferred;

  public MeshApi(Endpoints endpoints, String token, Pace pace) {
    this(endpoints, token, Trace.from(""), pace, _ -> {});
  }

  /**
   * @param onThrottled is told of each refusal that is waited for because too much is asked
   */
  public MeshApi(
      Endpoints endpoints,
      String token,
      Trace trace,
      Pace pace,
      Consumer<ApiException> onThrottled) {
    this.endpoints = endpoints;
    this.token = token;
    this.trace = trace;
    this.pace = pace;
    this.onThrottled = onThrottled;
    this.client =
        client(endpoints.uris().stream().anyMatch(uri -> "https".equals(uri.getScheme())));
  }

  static HttpClient client(boolean tls) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5));
    return (tls ? builder : builder.sslContext(NoTls.context())).build();
  }

  /** A process whose threads wait for the network ends a third of a second later than others. */
  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }

  /** Hands in a task; the same key with the same spec is the same task. */
  public JsonNode submit(ObjectNode spec, String requestId) {
    ObjectNode request = JSON.createObjectNode().put("requestId", requestId);
    request.set("spec", spec);
    return call("POST", "/v1/tasks", Optional.of(request)).path("task");
  }

  public JsonNode task(String taskId) {
    return call("GET", "/v1/tasks/" + encoded(taskId), Optional.empty()).path("task");
  }

  /** One page: {@code tasks} and {@code nextPageToken}. */
  public JsonNode tasks(int pageSize, String pageToken, List<String> states) {
    StringBuilder query = new StringBuilder("/v1/tasks?pageSize=").append(pageSize);
    if (!pageToken.isEmpty()) {
      query.append("&pageToken=").append(encoded(pageToken));
    }
    states.forEach(state -> query.append("&states=").append(encoded(state)));
    return call("GET", query.toString(), Optional.empty());
  }

  public JsonNode cancel(String taskId) {
    return call("POST", "/v1/tasks/" + encoded(taskId) + ":cancel", Optional.empty()).path("task");
  }

  /** Newest first. */
  public JsonNode decisions(String taskId) {
    return call("GET", "/v1/tasks/" + encoded(taskId) + "/decisions", Optional.empty())
        .path("decisions");
  }

  /** All that a list holds. */
  List<JsonNode> pages(String path, String field) {
    List<JsonNode> all = new ArrayList<>();
    String pageToken = "";
    do {
      String query = path + "?pageSize=1000";
      JsonNode page =
          call(
              "GET",
              pageToken.isEmpty() ? query : query + "&pageToken=" + encoded(pageToken),
              Optional.empty());
      page.path(field).forEach(all::add);
      pageToken = page.path("nextPageToken").asText("");
    } while (!pageToken.isEmpty());
    return all;
  }

  /** The mesh as the answering gateway sees it. */
  public JsonNode status() {
    return call("GET", "/v1/status", Optional.empty());
  }

  Pace pace() {
    return pace;
  }

  /** Opens the stream of a task's changes at one gateway; throws if it doesn't open. */
  HttpResponse<InputStream> openEvents(String taskId, String lastEventId)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request("/v1/tasks/" + encoded(taskId) + "/events").header("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      try (var body = response.body()) {
        throw refusal(response, new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return response;
  }

  /** The next call goes to another gateway. */
  void preferNext() {
    preferred = Math.floorMod(preferred + 1, endpoints.uris().size());
  }

  static JsonNode tree(String text) {
    try {
      JsonNode tree = JSON.readTree(text);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  JsonNode call(String method, String path, Optional<JsonNode> body) {
    Patience patience = new Patience(pace);
    while (true) {
      Duration asked = Duration.ZERO;
      try {
        return once(method, path, body);
      } catch (IOException e) {
        if (patience.isOver()) {
          throw unreachable(e);
        }
      } catch (ApiException e) {
        asked = e.delay();
        // A pause that the gateway asks for and that is longer than the patience is told at once.
        if (!e.isTransient() || !patience.outlasts(asked)) {
          throw e;
        }
        if (e.isThrottled()) {
          onThrottled.accept(e);
        }
      }
      preferNext();
      patience.pause(asked);
    }
  }

  private JsonNode once(String method, String path, Optional<JsonNode> body) throws IOException {
    BodyPublisher publisher =
        body.map(JsonNode::toString).map(BodyPublishers::ofString).orElse(BodyPublishers.noBody());
    HttpRequest request =
        request(path)
            .timeout(CALL_LIMIT)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .method(method, publisher)
            .build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw refusal(response, response.body());
      }
      return tree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException("interrupted while waiting for the mesh", e);
    }
  }

  static ApiException refusal(HttpResponse<?> response, String body) {
    return ApiException.of(
        response.statusCode(), tree(body), response.headers().firstValue("Retry-After"));
  }

  UnreachableException unreachable(IOException cause) {
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new UnreachableException("no gateway answers at " + endpoints + ": " + why, cause);
  }

  static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException("interrupted while waiting for the mesh", e);
    }
  }

  /** Of a path at the gateway whose turn it is. */
  URI address(String path) {
    return URI.create(endpoints.get(preferred) + path);
  }

  /** A WebSocket that is as known to the gateway as every call. */
  WebSocket.Builder socket() {
    return client
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .header("traceparent", trace.traceparent());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address(path))
        .header("Authorization", "Bearer " + token)
        .header("traceparent", trace.traceparent());
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
