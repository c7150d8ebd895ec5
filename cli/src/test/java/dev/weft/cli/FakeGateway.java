package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.cli.client.MeshApi;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The other side of the REST contract over real HTTP: one task that goes the way it is told. */
public final class FakeGateway implements AutoCloseable {
  public static final String TASK = "tsk_01k0000000000000000000000a";
  public static final String TOKEN = "wft_secret";

  private final HttpServer server;
  private final List<ObjectNode> submitted = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> resumedAfter = new CopyOnWriteArrayList<>();
  private final FakeLetters letters = new FakeLetters();
  private final FakePolicies policies = new FakePolicies();
  private final List<JsonNode> replayed = new CopyOnWriteArrayList<>();
  private final FakeAgents agents = new FakeAgents();
  private final Map<String, byte[]> secrets = new ConcurrentSkipListMap<>();
  private volatile Runnable onCancel = () -> {};
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger throttled = new AtomicInteger();
  private volatile ObjectNode throttle = MeshApi.JSON.createObjectNode();
  private volatile String retryAfter = "";
  private volatile String gone = "";
  private volatile ObjectNode task = task("TASK_STATE_SUCCEEDED", 0, "", "");
  private volatile List<List<String>> streams = List.of(List.of("QUEUED", "RUNNING", "SUCCEEDED"));
  private volatile JsonNode sent = MeshApi.JSON.createObjectNode();
  private final AtomicInteger streamsServed = new AtomicInteger();

  public FakeGateway() {
    this(0);
  }

  public FakeGateway(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/", this::answer);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** The task that every look-up returns. */
  public void task(ObjectNode json) {
    task = json;
  }

  /**
   * Each list is one connection's events; the connection ends after them, however the task stands.
   */
  public void streams(List<List<String>> connections) {
    streams = connections;
  }

  /** So many requests are refused with 503 first. */
  public void refuse(int times) {
    refusals.set(times);
  }

  /** Tasks that name this artifact as their workspace are refused. */
  public void gone(String artifactId) {
    gone = artifactId;
  }

  FakePolicies policies() {
    return policies;
  }

  /** What was asked to be replayed. */
  List<JsonNode> replayed() {
    return replayed;
  }

  FakeAgents agents() {
    return agents;
  }

  FakeLetters letters() {
    return letters;
  }

  /** So many submissions are refused first, since the tenant hands in too many. */
  public void throttle(int times, Duration pause) {
    throttle(
        times, "SUBMIT_RATE", Map.of("throttle_delay_ms", Long.toString(pause.toMillis())), "");
  }

  /**
   * So many submissions are refused first, since too much is asked.
   *
   * @param header Retry-After; empty for none
   */
  public void throttle(int times, String reason, Map<String, String> metadata, String header) {
    ObjectNode problem =
        MeshApi.JSON
            .createObjectNode()
            .put("status", 429)
            .put("reason", reason)
            .put("detail", "tasks of this tenant: 10 per second are used up");
    metadata.forEach(problem.putObject("metadata")::put);
    throttle = problem;
    retryAfter = header;
    throttled.set(times);
  }

  /** Values by name. */
  public Map<String, byte[]> secrets() {
    return secrets;
  }

  /** Happens when the task is cancelled. */
  public void onCancel(Runnable action) {
    onCancel = action;
  }

  public List<ObjectNode> submitted() {
    return submitted;
  }

  public List<String> requests() {
    return requests;
  }

  /** The last body of a price or budget. */
  public JsonNode sent() {
    return sent;
  }

  /** The Last-Event-ID of each stream that was opened; empty if it had none. */
  public List<String> resumedAfter() {
    return resumedAfter;
  }

  /** A task as the gateway prints it. */
  public static ObjectNode task(String state, int exitCode, String stdout, String stderr) {
    ObjectNode json =
        MeshApi.JSON
            .createObjectNode()
            .put("id", TASK)
            .put("state", state)
            .put("attempt", 1)
            .put("workerId", "wkr_1");
    json.putObject("result")
        .put("exitCode", exitCode)
        .put("stdout", base64(stdout))
        .put("stderr", base64(stderr))
        .put("outputBytes", Integer.toString(stdout.length() + stderr.length()))
        .put("outputTruncated", false);
    return json;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().toString();
      requests.add(exchange.getRequestMethod() + " " + path);
      if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        problem(
            exchange, 401, "TOKEN_INVALID", "token: not known (expected: a valid bearer token)");
      } else if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        problem(exchange, 503, "CELL_UNAVAILABLE", "no placer at the moment");
      } else if (path.equals("/v1/tasks") && exchange.getRequestMethod().equals("POST")) {
        if (throttled.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
          if (!retryAfter.isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
          }
          json(exchange, 429, throttle);
        } else {
          submit(exchange);
        }
      } else if (path.startsWith("/v1/tasks?")) {
        ObjectNode page = MeshApi.JSON.createObjectNode().put("nextPageToken", "");
        page.putArray("tasks").add(task);
        json(exchange, 200, page);
      } else if (path.endsWith("/events")) {
        events(exchange);
      } else if (path.endsWith("/decisions")) {
        json(exchange, 200, Samples.decisions());
      } else if (path.startsWith("/v1/workers?")) {
        json(exchange, 200, Samples.workers());
      } else if (path.equals("/v1/workers/wkr_2/health")) {
        json(exchange, 200, Samples.offlineHealth());
      } else if (path.endsWith("/health")) {
        json(exchange, 200, Samples.health());
      } else if (path.equals("/v1/workers/gpu-tokyo-01:drain")) {
        json(
            exchange,
            200,
            MeshApi.JSON.readTree("{\"worker\":{\"state\":\"WORKER_STATE_DRAINING\"}}"));
      } else if (path.equals("/v1/shards")) {
        json(exchange, 200, Samples.shards());
      } else if (path.startsWith("/v1/budgets")) {
        sent = MeshApi.JSON.readTree(exchange.getRequestBody().readAllBytes());
        json(exchange, 200, Samples.budgets(exchange.getRequestMethod()));
      } else if (path.startsWith("/v1/model-prices")) {
        sent = MeshApi.JSON.readTree(exchange.getRequestBody().readAllBytes());
        json(exchange, 200, Samples.modelPrices(exchange.getRequestMethod()));
      } else if (path.startsWith("/v1/limits")) {
        json(exchange, 200, Samples.limits(exchange.getRequestMethod()));
      } else if (path.startsWith("/v1/costs?")) {
        json(exchange, 200, Samples.costs());
      } else if (path.startsWith("/v1/costs:estimate")) {
        json(exchange, 200, Samples.estimate());
      } else if (path.equals("/v1/placement:replay")) {
        replayed.add(MeshApi.JSON.readTree(exchange.getRequestBody().readAllBytes()));
        json(exchange, 200, Samples.replay());
      } else if (path.startsWith("/v1/placement/")) {
        policies.answer(exchange, path);
      } else if (path.startsWith("/v1/agents")) {
        agents(exchange, path);
      } else if (path.startsWith("/v1/dead-letters")) {
        letters(exchange);
      } else if (path.startsWith("/v1/secrets")) {
        secrets(exchange);
      } else if (path.equals("/v1/tasks/" + TASK + ":cancel")) {
        onCancel.run();
        json(exchange, 200, MeshApi.JSON.createObjectNode().set("task", task));
      } else if (path.startsWith("/v1/tasks/" + TASK)) {
        json(exchange, 200, MeshApi.JSON.createObjectNode().set("task", task));
      } else {
        problem(exchange, 404, "TASK_NOT_FOUND", "task: tsk_other");
      }
    }
  }

  private void letters(HttpExchange exchange) throws IOException {
    Optional<ObjectNode> answer = letters.answer(exchange);
    if (letters.tokenGoneAfter-- == 0) {
      problem(exchange, 401, "TOKEN_REVOKED", "token: revoked (expected: a valid bearer token)");
    } else if (answer.isPresent()) {
      json(exchange, 200, answer.get());
    } else {
      problem(exchange, 404, "DEAD_LETTER_NOT_FOUND", "task: no dead letter");
    }
  }

  private void agents(HttpExchange exchange, String path) throws IOException {
    JsonNode body = MeshApi.JSON.readTree(exchange.getRequestBody().readAllBytes());
    Optional<JsonNode> answer = agents.answer(exchange.getRequestMethod(), path, body);
    if (answer.isPresent()) {
      json(exchange, 200, answer.get());
    } else {
      problem(exchange, 404, "AGENT_NOT_FOUND", "agent: unknown");
    }
  }

  private void submit(HttpExchange exchange) throws IOException {
    ObjectNode request =
        (ObjectNode) MeshApi.JSON.readTree(exchange.getRequestBody().readAllBytes());
    String workspace = request.path("spec").path("workspaceArtifact").asText();
    if (!gone.isEmpty() && workspace.equals(gone)) {
      problem(exchange, 404, "ARTIFACT_NOT_FOUND", "spec.workspace_artifact: " + workspace);
      return;
    }
    submitted.add(request);
    json(
        exchange,
        201,
        MeshApi.JSON.createObjectNode().set("task", task("TASK_STATE_QUEUED", 0, "", "")));
  }

  /** The contract of access.v1: values go in and never come out. */
  private void secrets(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().replaceFirst("/v1/secrets/?", "");
    ObjectNode answer = MeshApi.JSON.createObjectNode();
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        JsonNode body = MeshApi.JSON.readTree(exchange.getRequestBody().readAllBytes());
        secrets.put(name, body.path("value").binaryValue());
        answer.putObject("secret").put("name", name).put("version", "1");
      }
      case "DELETE" -> secrets.remove(name);
      default -> {
        var all = answer.putArray("secrets");
        secrets.keySet().forEach(key -> all.addObject().put("name", key).put("version", "1"));
      }
    }
    json(exchange, 200, answer);
  }

  private void events(HttpExchange exchange) throws IOException {
    String after = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    resumedAfter.add(after == null ? "" : after);
    int connection = streamsServed.getAndIncrement();
    List<String> states = streams.get(Math.min(connection, streams.size() - 1));
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    out.write("retry: 1000\n\n: still here\n\n".getBytes(StandardCharsets.UTF_8));
    int index = 0;
    for (String state : states) {
      String data =
          "{\"cursor\":\"c\",\"taskId\":\"%s\",\"state\":\"TASK_STATE_%s\",\"attempt\":1,\"workerId\":\"wkr_1\"}"
              .formatted(TASK, state);
      String id = "conn" + connection + "." + index++;
      out.write(
          ("event: task\nid: " + id + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  private static void problem(HttpExchange exchange, int status, String reason, String detail)
      throws IOException {
    json(
        exchange,
        status,
        MeshApi.JSON
            .createObjectNode()
            .put("status", status)
            .put("reason", reason)
            .put("detail", detail));
  }

  private static void json(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
