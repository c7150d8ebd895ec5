package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.testing.GatewayMetrics;
import dev.weft.gateway.testing.GatewayProcess;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.proto.tasks.v1.GetTaskRequest;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.TaskServiceGrpc;
import dev.weft.proto.tasks.v1.TaskServiceGrpc.TaskServiceFutureStub;
import dev.weft.proto.tasks.v1.TaskSpec;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Callers who go away after 0…50 ms, at a gateway with small pools that asks PostgreSQL and Redis
 * for nearly every call.
 */
class AbandonedCallsIT {

  private static final int CALLS = 2_500;
  private static final int SLOTS = 4;

  private final Random random = new Random(24);
  private Neighbourhood neighbourhood;
  private GatewayProcess gateway;

  @BeforeEach
  void start() {
    neighbourhood = new Neighbourhood();
    Map<String, String> environment = new HashMap<>(neighbourhood.environment());
    environment.put("QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE", Integer.toString(SLOTS));
    environment.put("QUARKUS_REDIS_MAX_POOL_SIZE", Integer.toString(SLOTS));
    environment.put("WEFT_AUTH_CACHE", "1ms");
    // A lease of 25 ms and seldom a token in hand: most submissions wait for Redis.
    environment.put("WEFT_SUBMIT_RATE", "1000");
    environment.put("WEFT_SUBMIT_BURST", "100");
    gateway = GatewayProcess.spawn(environment).awaitReady(neighbourhood.httpPort);
    neighbourhood.placer.slowMillis = 10;
  }

  @AfterEach
  void stop() {
    gateway.close();
    neighbourhood.close();
  }

  @Test
  void theyLeaveNothingBehind() throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood.grpcPort).usePlaintext().build();
    try (ScheduledExecutorService clock = Executors.newScheduledThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        // 500 a second, so that they overlap by the dozen.
        int number = i;
        int stay = random.nextInt(51);
        all.add(
            clock.schedule(
                () -> abandon(number, stay, channel, clock), 2L * i, TimeUnit.MILLISECONDS));
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      channel.shutdownNow();
    }

    neighbourhood.placer.slowMillis = 0;
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(GatewayMetrics.sum(neighbourhood.httpPort, "weft_gateway_submit_held"))
                  .isZero();
              assertThat(GatewayMetrics.sum(neighbourhood.httpPort, "sql_pool_active")).isZero();
              assertThat(GatewayMetrics.sum(neighbourhood.httpPort, "redis_pool_active")).isZero();
            });
    for (int i = 0; i < 3 * SLOTS; i++) {
      assertThat(request().get("/v1/tokens").statusCode()).isEqualTo(200);
      await().atMost(Duration.ofSeconds(2)).until(() -> submit().statusCode() == 201);
    }
    assertThat(GatewayMetrics.sum(neighbourhood.httpPort, "weft_submit_asked_total"))
        .isGreaterThan(10);
  }

  private void abandon(
      int number, int stay, ManagedChannel channel, ScheduledExecutorService clock) {
    if (number % 2 == 0) {
      abandonHttp(number, stay, clock);
      return;
    }
    Future<?> call =
        number % 4 == 1
            ? stub(channel).submitTask(noop())
            : stub(channel)
                .getTask(
                    GetTaskRequest.newBuilder()
                        .setTaskId("tsk_00000000000000000000000000")
                        .build());
    clock.schedule(() -> call.cancel(false), stay, TimeUnit.MILLISECONDS);
  }

  /** A client whose connection breaks. */
  private void abandonHttp(int number, int stay, ScheduledExecutorService clock) {
    boolean submit = number % 4 == 0;
    String body = submit ? "{\"spec\":{\"noop\":{}}}" : "";
    String head =
        (submit ? "POST /v1/tasks" : "GET /v1/tokens")
            + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + neighbourhood.files.bearer
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    try {
      Socket socket = new Socket();
      socket.connect(new InetSocketAddress("127.0.0.1", neighbourhood.httpPort), 5_000);
      socket.setSoLinger(true, 0);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      clock.schedule(
          () -> {
            socket.close();
            return true;
          },
          stay,
          TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TaskServiceFutureStub stub(ManagedChannel channel) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + neighbourhood.files.bearer);
    return TaskServiceGrpc.newFutureStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static SubmitTaskRequest noop() {
    return SubmitTaskRequest.newBuilder()
        .setSpec(TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance()))
        .build();
  }

  private Response submit() {
    return request()
        .contentType("application/json")
        .body("{\"spec\":{\"noop\":{}}}")
        .post("/v1/tasks");
  }

  private RequestSpecification request() {
    return RestAssured.given()
        .baseUri("http://127.0.0.1:" + neighbourhood.httpPort)
        .header("Authorization", "Bearer " + neighbourhood.files.bearer);
  }
}
