package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.testing.DoorLoad.Shot;
import dev.weft.gateway.testing.GatewayMetrics;
import dev.weft.gateway.testing.GatewayProcess;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.gateway.testing.RateLoad;
import dev.weft.gateway.testing.RedisWire;
import dev.weft.gateway.testing.SubmitLoad;
import dev.weft.parts.FreePort;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.artifacts.v1.ArtifactServiceGrpc;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.limits.v1.AcquireRateRequest;
import dev.weft.proto.limits.v1.RatedResource;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.TaskServiceGrpc;
import dev.weft.proto.tasks.v1.TaskSpec;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two gateways that share the rate of one tenant, over a Redis that fails. */
class SubmitRateIT {

  private static final int RATE = 200;
  private static final int BURST = 400;

  /**
   * An answer of Redis that a busy machine delays by 25 ms leaves one gateway alone for 250 ms,
   * with its own half of the rate.
   */
  private static final int FOR_SLOW_ANSWERS = 2 * RATE / 2 / 4;

  /** An answer is waited for as long, and so is a token. */
  private static final Duration MORE_WHILE_IT_HANGS = Duration.ofMillis(50);

  private static final Duration REFILL = Duration.ofMillis(1_700);

  private static Neighbourhood neighbourhood;
  private static List<Integer> grpcPorts;
  private static GatewayProcess one;
  private static GatewayProcess two;
  private SubmitLoad load;

  @BeforeAll
  static void start() throws Exception {
    neighbourhood = new Neighbourhood();
    Map<String, String> environment = new HashMap<>(neighbourhood.environment());
    environment.put("WEFT_SUBMIT_RATE", Integer.toString(RATE));
    environment.put("WEFT_SUBMIT_BURST", Integer.toString(BURST));
    environment.put("WEFT_ARTIFACTS_RATED", "true");
    Map<String, String> second = new HashMap<>(environment);
    neighbourhood.files.certify("gateway-2");
    second.putAll(neighbourhood.files.environment("gateway-2"));
    int secondHttp = FreePort.find();
    int secondGrpc = FreePort.find();
    second.put("QUARKUS_HTTP_PORT", Integer.toString(secondHttp));
    second.put("WEFT_PUBLIC_GRPC_PORT", Integer.toString(secondGrpc));
    second.put("WEFT_MESH_PORT", Integer.toString(FreePort.find()));
    one = GatewayProcess.spawn(environment);
    two = GatewayProcess.spawn(second);
    one.awaitReady(neighbourhood.httpPort);
    two.awaitReady(secondHttp);
    grpcPorts = List.of(neighbourhood.grpcPort, secondGrpc);
    try (SubmitLoad first = new SubmitLoad(neighbourhood.files.bearer, grpcPorts)) {
      // Both know each other's classes by then, and the bucket is known to Redis.
      first.run(Duration.ofSeconds(1));
    }
  }

  @AfterAll
  static void stop() {
    one.close();
    two.close();
    neighbourhood.close();
  }

  @BeforeEach
  void connect() {
    load = new SubmitLoad(neighbourhood.files.bearer, grpcPorts);
  }

  @AfterEach
  void disconnect() {
    load.close();
  }

  @Test
  void aRedisThatIsKilledRestartedOrEmptiedLetsNoMoreThrough() throws Exception {
    drainAFullBucket();
    neighbourhood.redis.kill();
    List<Shot> without = load.run(Duration.ofSeconds(2));
    assertThat(GatewayMetrics.sum(neighbourhood.httpPort, "weft_submit_local")).isEqualTo(1);
    neighbourhood.redis.start();
    List<Shot> after = load.run(Duration.ofSeconds(2));

    assertThat(accepted(without)).isBetween(RATE * 2 / 2, RATE * 2 + BURST);
    assertThat(accepted(after)).isBetween(RATE * 2 / 2, RATE * 2 + BURST);
    assertThat(GatewayMetrics.sum(neighbourhood.httpPort, "weft_submit_local")).isZero();
    drainAFullBucket();
    RedisWire.flush(neighbourhood.redis);
    load.run(Duration.ofSeconds(2));
    assertBound();
  }

  @Test
  void aRedisThatHangsKeepsNobodyWaiting() throws Exception {
    List<Shot> well = drainAFullBucket();
    signal("STOP");
    List<Shot> hung;
    try {
      hung = load.run(Duration.ofSeconds(3));
    } finally {
      signal("CONT");
    }
    load.run(Duration.ofSeconds(2));
    for (int i = 0; i < 10; i++) {
      RedisWire.disconnectAll(neighbourhood.redis);
    }
    load.run(Duration.ofSeconds(1));

    assertThat(median(hung)).isLessThan(median(well).plus(MORE_WHILE_IT_HANGS));
    assertThat(hung).extracting(Shot::took).allMatch(it -> it.toMillis() < 1_000);
    assertThat(accepted(hung)).isBetween(RATE * 3 / 2, RATE * 3 + BURST);
    assertBound();
    await()
        .atMost(Duration.ofSeconds(5))
        .until(
            () -> {
              load.run(Duration.ofMillis(100));
              return GatewayMetrics.sum(neighbourhood.httpPort, "weft_submit_local") == 0;
            });
  }

  @Test
  void aRedisThatIsKilledRestartedOrEmptiedLetsNobodyUseMoreBytes() throws Exception {
    // Of a premium tenant's P2 and below, in a second.
    long limit = 75_000_000;
    AcquireRateRequest wish =
        AcquireRateRequest.newBuilder()
            .setResource(RatedResource.RATED_RESOURCE_DISK_BYTES)
            .setAmount(2_000_000)
            .build();
    try (RateLoad bytes = new RateLoad(neighbourhood.files.bearer, grpcPorts, wish)) {
      List<Shot> well = bytes.run(Duration.ofSeconds(2));
      neighbourhood.redis.kill();
      List<Shot> without = bytes.run(Duration.ofSeconds(2));
      assertThat(GatewayMetrics.sum(neighbourhood.httpPort, "weft_rate_local")).isEqualTo(1);
      neighbourhood.redis.start();
      List<Shot> after = bytes.run(Duration.ofSeconds(2));
      RedisWire.flush(neighbourhood.redis);
      bytes.run(Duration.ofSeconds(2));

      for (List<Shot> shots : List.of(well, without, after)) {
        assertThat((long) accepted(shots)).isBetween(limit / 2, limit * 3);
      }
      assertThat(bytes.mostAbove(limit)).isLessThanOrEqualTo(limit * 1.5);
      assertThat(GatewayMetrics.sum(neighbourhood.httpPort, "weft_rate_local")).isZero();
    }
  }

  @Test
  void whoHasUsedUpItsRateHearsWhenToUploadOrDownloadAgain() {
    // Eight seconds of what a premium tenant's user may.
    byte[] much = new byte[40_000_000];
    Response first =
        await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> upload("ada", much), answer -> answer.statusCode() == 201);
    Response again = upload("ada", new byte[1]);
    Response down =
        door("ada").get("/v1/artifacts/" + first.<String>path("artifact.id") + "/content");

    for (Response refused : List.of(again, down)) {
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.<String>path("reason")).isEqualTo("TRANSFER_RATE");
      assertThat(refused.<String>path("metadata.allowed")).isEqualTo("false");
      assertThat(refused.<String>path("metadata.of_user")).isEqualTo("true");
      assertThat(refused.<String>path("metadata.limit")).isEqualTo("5000000");
      assertThat(refused.header("Retry-After"))
          .isEqualTo(refused.<String>path("metadata.retry_after"))
          .isBetween("1", "8");
    }
    assertThat(downloadStream("ada").reason()).isEqualTo("TRANSFER_RATE");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> upload("bob", new byte[1]).statusCode() == 201);
  }

  private Response upload(String user, byte[] bytes) {
    return door(user).contentType("application/octet-stream").body(bytes).put("/v1/artifacts");
  }

  private RequestSpecification door(String user) {
    return RestAssured.given()
        .baseUri("http://127.0.0.1:" + neighbourhood.httpPort)
        .header("Authorization", "Bearer " + neighbourhood.files.bearer)
        .header("Weft-User", user);
  }

  private MeshProblem downloadStream(String user) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood.grpcPort).usePlaintext().build();
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("weft-user", Metadata.ASCII_STRING_MARSHALLER), user);
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + neighbourhood.files.bearer);
    try {
      var stub =
          ArtifactServiceGrpc.newBlockingStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
      StatusRuntimeException failure =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  stub.downloadArtifact(
                          DownloadArtifactRequest.newBuilder().setArtifactId("any").build())
                      .hasNext());
      return StatusMapper.fromStatus(failure);
    } finally {
      channel.shutdownNow();
    }
  }

  /** More than the tenant may, for a while. */
  private CompletableFuture<List<Shot>> flood() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return load.run(Duration.ofSeconds(2));
          } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void aRefusalSaysHowMuchIsAllowedAndWhenToComeBack() throws Exception {
    CompletableFuture<List<Shot>> flood = flood();
    Response rest = null;
    StatusRuntimeException grpc = null;
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood.grpcPort).usePlaintext().build();
    try {
      for (int floods = 1; floods < 10 && (rest == null || grpc == null); ) {
        if (flood.isDone()) {
          flood = flood();
          floods++;
        }
        Response answer = submit();
        rest = answer.statusCode() == 429 ? answer : rest;
        StatusRuntimeException failure =
            catchThrowableOfType(StatusRuntimeException.class, () -> submit(channel));
        grpc = failure == null ? grpc : failure;
      }
    } finally {
      channel.shutdownNow();
    }
    flood.join();

    assertThat(rest).isNotNull();
    assertThat(grpc).isNotNull();
    assertThat(rest.contentType()).startsWith("application/problem+json");
    assertThat(rest.<String>path("reason")).isEqualTo("SUBMIT_RATE");
    assertThat(rest.<String>path("metadata.allowed")).isEqualTo("false");
    assertThat(rest.<String>path("metadata.limit")).isEqualTo(Integer.toString(BURST));
    assertThat(rest.header("Retry-After")).isEqualTo(rest.<String>path("metadata.retry_after"));
    MeshProblem problem = StatusMapper.fromStatus(grpc);
    assertThat(problem.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(problem.reason()).isEqualTo("SUBMIT_RATE");
    assertThat(problem.retryAfter()).isPresent();
    assertThat(problem.metadata())
        .containsKeys("allowed", "throttle_delay_ms", "current_usage", "limit", "retry_after");
    assertThat(load.shots()).flatExtracting(Shot::reasons).containsOnly("SUBMIT_RATE");
    assertThat(GatewayMetrics.sum(neighbourhood.httpPort, "weft_submit_throttled_total"))
        .isPositive();
  }

  /** Waits until it must be full again, and takes what it gives in a second. */
  private List<Shot> drainAFullBucket() throws Exception {
    long since = System.nanoTime();
    await().atMost(Duration.ofSeconds(5)).until(() -> System.nanoTime() - since > REFILL.toNanos());
    List<Shot> shots = load.run(Duration.ofSeconds(1));
    assertThat(accepted(shots)).isGreaterThan(BURST / 2);
    return shots;
  }

  private void assertBound() {
    assertThat(load.mostAbove(RATE)).isLessThanOrEqualTo(BURST + FOR_SLOW_ANSWERS);
  }

  private static Duration median(List<Shot> shots) {
    return shots.stream().map(Shot::took).sorted().toList().get(shots.size() / 2);
  }

  private static int accepted(List<Shot> shots) {
    return shots.stream().mapToInt(Shot::accepted).sum();
  }

  private void signal(String name) throws IOException, InterruptedException {
    long pid = neighbourhood.redis.stamp().orElseThrow().pid();
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }

  private Response submit() {
    return RestAssured.given()
        .baseUri("http://127.0.0.1:" + neighbourhood.httpPort)
        .header("Authorization", "Bearer " + neighbourhood.files.bearer)
        .contentType("application/json")
        .body("{\"spec\":{\"noop\":{}}}")
        .post("/v1/tasks");
  }

  private void submit(ManagedChannel channel) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + neighbourhood.files.bearer);
    TaskServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .submitTask(
            SubmitTaskRequest.newBuilder()
                .setSpec(TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance()))
                .build());
  }
}
