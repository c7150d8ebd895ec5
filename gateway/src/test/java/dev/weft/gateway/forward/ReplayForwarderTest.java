package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.security.TestCa;
import dev.weft.proto.internal.cell.v1.ReplayServiceGrpc.ReplayServiceImplBase;
import dev.weft.proto.internal.cell.v1.RunReplayRequest;
import dev.weft.proto.internal.cell.v1.RunReplayResponse;
import dev.weft.proto.placement.v1.ReplayPlacementRequest;
import dev.weft.proto.placement.v1.ReplayPlacementResponse;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replays asked of two replicas over TLS on loopback, of which the first holds the cell. */
@Timeout(60)
class ReplayForwarderTest {

  private static final Call CALL = calling(Duration.ofMillis(1));

  private final TestCa ca = new TestCa();
  private final MeshChannels channels = new MeshChannels(ca.identity("gateway", "gateway-0"));
  private final Replica holder = new Replica();
  private final Replica standby = new Replica();
  private final MeshServer one = serve("router-0", holder);
  private final MeshServer two = serve("router-1", standby);
  private final List<HostPort> addresses =
      List.of(new HostPort("127.0.0.1", one.port()), new HostPort("127.0.0.1", two.port()));
  private final HolderLink cell =
      new HolderLink(new HolderClient("router", () -> addresses, channels));
  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();

  /** So that what is measured is a call, not a handshake. */
  @BeforeEach
  void connect() throws Exception {
    holder.answersAfter = Duration.ZERO;
    replay(new ReplayForwarder(cell)).get();
    holder.asked.set(0);
    holder.answersAfter = null;
  }

  @AfterEach
  void close() {
    later.shutdownNow();
    channels.close();
    one.stop(Duration.ZERO);
    two.stop(Duration.ZERO);
  }

  @Test
  void aReplayThatTakesMostOfItsTimeIsAskedForOnceAndAnswered() throws Exception {
    holder.answersAfter = Duration.ofSeconds(5);
    ReplayForwarder replays = new ReplayForwarder(cell, Duration.ofSeconds(6));

    ReplayPlacementResponse report = replay(replays).get();

    assertThat(report.getTaskCount()).isEqualTo(3);
    assertThat(holder.asked).hasValue(1);
    assertThat(standby.asked).hasValue(0);
  }

  @Test
  void aReplayThatIsNotAnsweredInTimeIsEndedAndTheHolderIsStillBelieved() {
    ReplayForwarder replays = new ReplayForwarder(cell, Duration.ofSeconds(1));

    assertUnavailable(replay(replays));

    await().until(() -> holder.cancelled.get() == 1);
    assertThat(cell.lastSeen()).isEqualTo(addresses.getFirst().toString());
    assertThat(standby.asked).hasValue(0);
  }

  @Test
  void aCallerWhoseOwnTimeIsOverEndsItsReplayAndTheHolderIsStillBelieved() {
    ReplayForwarder replays = new ReplayForwarder(cell, Duration.ofSeconds(30));
    Context.CancellableContext caller =
        Context.current().withDeadlineAfter(1, TimeUnit.SECONDS, later);
    Context before = caller.attach();
    CompletableFuture<ReplayPlacementResponse> answer;
    try {
      answer = replay(replays);
    } finally {
      caller.detach(before);
    }

    assertUnavailable(answer);

    await().until(() -> holder.cancelled.get() == 1);
    assertThat(cell.lastSeen()).isEqualTo(addresses.getFirst().toString());
    assertThat(standby.asked).hasValue(0);
  }

  private static void assertUnavailable(CompletableFuture<ReplayPlacementResponse> answer) {
    assertThatThrownBy(answer::get)
        .satisfies(
            failure ->
                assertThat(StatusMapper.fromStatus(failure).reason())
                    .isEqualTo("CELL_UNAVAILABLE"));
  }

  private static CompletableFuture<ReplayPlacementResponse> replay(ReplayForwarder replays) {
    return replays.replay(CALL, ReplayPlacementRequest.getDefaultInstance()).toCompletableFuture();
  }

  private static Call calling(Duration patience) {
    Call call = Calls.of("acme");
    return new Call(call.caller(), call.credential(), call.traceparent(), patience, call.source());
  }

  private MeshServer serve(String node, Replica replica) {
    return MeshServer.builder(ca.identity("router", node))
        .service(MeshService.of(replica, "gateway"))
        .start("127.0.0.1", 0);
  }

  /** Answers after a while, or never. */
  private final class Replica extends ReplayServiceImplBase {
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    volatile @Nullable Duration answersAfter;

    @Override
    public void runReplay(RunReplayRequest request, StreamObserver<RunReplayResponse> observer) {
      asked.incrementAndGet();
      ((ServerCallStreamObserver<?>) observer).setOnCancelHandler(cancelled::incrementAndGet);
      Duration pause = answersAfter;
      if (pause != null) {
        var _ = later.schedule(() -> answer(observer), pause.toMillis(), TimeUnit.MILLISECONDS);
      }
    }

    private static void answer(StreamObserver<RunReplayResponse> observer) {
      observer.onNext(
          RunReplayResponse.newBuilder()
              .setReport(ReplayPlacementResponse.newBuilder().setTaskCount(3))
              .build());
      observer.onCompleted();
    }
  }
}
