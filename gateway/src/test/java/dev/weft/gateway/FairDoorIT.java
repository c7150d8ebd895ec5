package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.gateway.testing.GatewayProcess;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.gateway.testing.Tenants;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.tasks.v1.ListTasksRequest;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.SubmitTaskResponse;
import dev.weft.proto.tasks.v1.TaskServiceGrpc;
import dev.weft.proto.tasks.v1.TaskServiceGrpc.TaskServiceFutureStub;
import dev.weft.proto.tasks.v1.TaskSpec;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One tenant submits more than the placer takes; another wants little. */
class FairDoorIT {

  private static final int ROOM = 200;

  private Neighbourhood neighbourhood;
  private GatewayProcess gateway;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    neighbourhood = new Neighbourhood();
    Map<String, String> environment = new HashMap<>(neighbourhood.environment());
    environment.put("WEFT_SUBMIT_MOST_WAITING", Integer.toString(ROOM));
    gateway = GatewayProcess.spawn(environment).awaitReady(neighbourhood.httpPort);
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood.grpcPort).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    gateway.close();
    neighbourhood.close();
  }

  @Test
  void whoSubmitsTooMuchIsSentAwayAtOnceAndTheOtherGetsIn() throws Exception {
    TaskServiceFutureStub bold = stub(neighbourhood.files.bearer);
    TaskServiceFutureStub meek = stub(Tenants.stranger(neighbourhood));
    // Known to the gateway, and its code is warm.
    meek.listTasks(ListTasksRequest.getDefaultInstance()).get(10, TimeUnit.SECONDS);
    for (int i = 0; i < 200; i++) {
      bold.submitTask(noop()).get(10, TimeUnit.SECONDS);
    }
    neighbourhood.placer.slowMillis = 2_000;
    List<ListenableFuture<SubmitTaskResponse>> taken = new ArrayList<>();
    taken.add(meek.submitTask(noop()));
    await().until(() -> neighbourhood.placer.batches.size() > 200);

    List<ListenableFuture<SubmitTaskResponse>> flood =
        Stream.generate(() -> bold.submitTask(noop())).limit(ROOM).toList();
    await().until(() -> flood.stream().filter(ListenableFuture::isDone).count() >= ROOM / 2);
    List<Duration> refusals = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      refusals.add(refusal(bold));
    }
    for (int i = 0; i < ROOM / 4; i++) {
      taken.add(meek.submitTask(noop()));
    }

    refusals.sort(Duration::compareTo);
    assertThat(refusals.get(45)).isLessThan(Duration.ofMillis(50));
    for (ListenableFuture<SubmitTaskResponse> one : taken) {
      assertThat(one.get(20, TimeUnit.SECONDS).getTask().getId()).startsWith("tsk_");
    }
  }

  private static Duration refusal(TaskServiceFutureStub stub) throws Exception {
    long start = System.nanoTime();
    try {
      stub.submitTask(noop()).get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      var problem = StatusMapper.fromStatus(e.getCause());
      assertThat(problem.reason()).isEqualTo("QUEUE_FULL");
      assertThat(problem.retryAfter()).isPresent();
      return Duration.ofNanos(System.nanoTime() - start);
    }
    throw new AssertionError("it was taken");
  }

  private TaskServiceFutureStub stub(String bearer) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + bearer);
    return TaskServiceGrpc.newFutureStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static SubmitTaskRequest noop() {
    return SubmitTaskRequest.newBuilder()
        .setSpec(TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance()))
        .build();
  }
}
