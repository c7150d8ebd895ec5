package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.testing.GatewayProcess;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.join.v1.JoinRequest;
import dev.weft.proto.join.v1.JoinServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More callers with larger requests than one small gateway has room for. */
class CrowdIT {

  private static final int MOST_CONNECTIONS = 60;
  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private static Neighbourhood neighbourhood;
  private static GatewayProcess gateway;

  @BeforeAll
  static void start() {
    neighbourhood = new Neighbourhood();
    Map<String, String> environment = new HashMap<>(neighbourhood.environment());
    environment.put("WEFT_PUBLIC_MOST_GRPC_CONNECTIONS", Integer.toString(MOST_CONNECTIONS));
    environment.put("JAVA_TOOL_OPTIONS", "-XX:MaxDirectMemorySize=64m -XX:+ExitOnOutOfMemoryError");
    gateway = GatewayProcess.spawn(environment).awaitReady(neighbourhood.httpPort);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    neighbourhood.close();
  }

  @Test
  void manyLargeBatchesAtOnceAreTakenOrSentAway() throws Exception {
    String body = batch();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      List<HttpResponse<String>> answers =
          Stream.generate(
                  () ->
                      client.sendAsync(
                          post("/v1/tasks:batch", body), HttpResponse.BodyHandlers.ofString()))
              .limit(60)
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();

      assertThat(answers).extracting(HttpResponse::statusCode).contains(200).containsOnly(200, 429);
      assertThat(answers)
          .filteredOn(answer -> answer.statusCode() == 429)
          .isNotEmpty()
          .allMatch(answer -> answer.body().contains("QUEUE_FULL"))
          .allMatch(answer -> answer.headers().firstValue("Retry-After").isPresent());
      assertThat(
              client
                  .send(
                      post("/v1/tasks", "{\"spec\":{\"noop\":{}}}"),
                      HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(201);
    }
  }

  @Test
  void whoReservesRoomAndSendsNothingMakesRoomInTheEnd() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        Socket socket = new Socket("127.0.0.1", neighbourhood.httpPort);
        slow.add(socket);
        socket
            .getOutputStream()
            .write(
                ("POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + neighbourhood.files.bearer
                        + "\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
      }
      try (HttpClient client = HttpClient.newHttpClient()) {
        await().atMost(Duration.ofSeconds(5)).until(() -> submitBatch(client) == 429);
        await()
            .atMost(Duration.ofSeconds(25))
            .pollInterval(Duration.ofSeconds(1))
            .until(() -> submitBatch(client) == 200);
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void strangersWithLargeJoinsTakeNothingFromOthers() {
    JoinRequest join =
        JoinRequest.newBuilder()
            .setJoinToken("wfj_" + "x".repeat(4_000_000))
            .setProtocolVersion(1)
            .build();
    List<ManagedChannel> channels =
        Stream.generate(CrowdIT::channel).limit(MOST_CONNECTIONS - 5).toList();
    try {
      List<CompletableFuture<Throwable>> answers =
          channels.stream()
              .flatMap(channel -> Stream.of(channel, channel))
              .map(channel -> CompletableFuture.supplyAsync(() -> refusal(channel, join), THREADS))
              .toList();

      assertThat(answers)
          .extracting(CompletableFuture::join)
          .extracting(failure -> StatusMapper.fromStatus(failure).reason())
          .containsOnly("PAYLOAD_TOO_LARGE");
      assertThat(gateway.log()).doesNotContain("Cannot reserve");
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  @Test
  void beyondTheMostConnectionsNobodyIsTaken() {
    List<ManagedChannel> channels = new ArrayList<>();
    try {
      for (int i = 0; i < MOST_CONNECTIONS; i++) {
        channels.add(channel());
        check(channels.getLast());
      }
      channels.add(channel());
      ManagedChannel last = channels.getLast();

      StatusRuntimeException refusal =
          catchThrowableOfType(StatusRuntimeException.class, () -> check(last));
      channels.removeFirst().shutdownNow();

      // UNAVAILABLE when the close overtakes the reason.
      assertThat(refusal.getStatus().getCode()).isIn(Code.RESOURCE_EXHAUSTED, Code.UNAVAILABLE);
      await()
          .atMost(Duration.ofSeconds(10))
          .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
          .untilAsserted(() -> check(last));
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private static int submitBatch(HttpClient client) throws IOException, InterruptedException {
    return client
        .send(post("/v1/tasks:batch", batch()), HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  /** 1.8 MB, and valid. */
  private static String batch() {
    String payload = Base64.getEncoder().encodeToString(new byte[65_000]);
    String item = "{\"spec\":{\"noop\":{\"payload\":\"" + payload + "\"}}}";
    return "{\"requests\":["
        + String.join(",", Stream.generate(() -> item).limit(21).toList())
        + "]}";
  }

  private static HttpRequest post(String path, String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + neighbourhood.httpPort + path))
        .header("Authorization", "Bearer " + neighbourhood.files.bearer)
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(60))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static ManagedChannel channel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood.grpcPort)
        .usePlaintext()
        .build();
  }

  private static void check(ManagedChannel channel) {
    HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance());
  }

  private static Throwable refusal(ManagedChannel channel, JoinRequest join) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> JoinServiceGrpc.newBlockingStub(channel).join(join));
  }
}
