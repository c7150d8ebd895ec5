package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.cell.v1.ShapeDemand;
import dev.weft.proto.internal.cell.v1.WatchDemandRequest;
import dev.weft.proto.internal.cell.v1.WatchDemandResponse;
import dev.weft.proto.tasks.v1.CapabilityRequirement;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.Requirements;
import dev.weft.proto.tasks.v1.TaskResult;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DemandGrpcServiceTest {

  private static final Requirements CODING =
      Requirements.newBuilder()
          .addCapabilities(
              CapabilityRequirement.newBuilder().setName("CODING").setMinProficiency(0.5))
          .build();

  private final RouterFixture router = new RouterFixture().holding();
  private final Watcher watcher = new Watcher();

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void theWholeDemandIsToldAtOnceAndAgainWhenItChanges() {
    router.demand().watchDemand(WatchDemandRequest.getDefaultInstance(), watcher);
    await().untilAsserted(() -> assertThat(watcher.newest().getShapesList()).isEmpty());
    assertThat(watcher.newest().getEpoch()).isPositive();

    router.submit(
        router
            .submission()
            .setSpec(
                RouterFixture.NOOP.toBuilder()
                    .setRequirements(CODING)
                    .setQueue("review")
                    .setPriorityClass(PriorityClass.PRIORITY_CLASS_P1)));
    router.accepted();
    router.accepted();

    await().untilAsserted(() -> assertThat(watcher.newest().getShapesList()).hasSize(2));
    List<ShapeDemand> shapes = watcher.newest().getShapesList();
    assertThat(shapes.getFirst().getQueued()).as("most waits first").isEqualTo(2);
    assertThat(shapes.getFirst().getPriorityClass()).isEqualTo(PriorityClass.PRIORITY_CLASS_P2);
    assertThat(shapes.get(1).getRequirements()).isEqualTo(CODING);
    assertThat(shapes).extracting(ShapeDemand::getQueue).containsExactly("default", "review");
    assertThat(shapes.get(1).getPriorityClass()).isEqualTo(PriorityClass.PRIORITY_CLASS_P1);
    assertThat(shapes).allMatch(ShapeDemand::hasOldest);
  }

  @Test
  void whatALeaseIsHeldForRunsAndWhatHasEndedIsGone() {
    router.demand().watchDemand(WatchDemandRequest.getDefaultInstance(), watcher);
    TestWorker worker = router.worker(1).greeted();
    String id = router.accepted();
    var assignment = worker.awaitAssignment(id);

    await()
        .untilAsserted(
            () ->
                assertThat(watcher.newest().getShapesList())
                    .singleElement()
                    .satisfies(
                        shape -> {
                          assertThat(shape.getRunning()).isEqualTo(1);
                          assertThat(shape.getQueued()).isZero();
                        }));

    worker.succeed(assignment.getKey(), TaskResult.getDefaultInstance());
    await().untilAsserted(() -> assertThat(watcher.newest().getShapesList()).isEmpty());
  }

  @Test
  void aQuietCellSaysSoNowAndThen() {
    router.demand().watchDemand(WatchDemandRequest.getDefaultInstance(), watcher);

    await().untilAsserted(() -> assertThat(watcher.told).hasSizeGreaterThanOrEqualTo(2));
    assertThat(watcher.told).allMatch(message -> message.getShapesCount() == 0);
  }

  @Test
  void whoLosesTheCellSaysWhoHoldsItAndEndsTheStream() throws Exception {
    router.demand().watchDemand(WatchDemandRequest.getDefaultInstance(), watcher);
    await().untilAsserted(() -> assertThat(watcher.told).isNotEmpty());

    router.placer.lost();

    MeshProblem why = watcher.end.get(10, TimeUnit.SECONDS);
    assertThat(why.reason()).isEqualTo("NOT_HOLDER");
    assertThat(why.metadata()).containsEntry("address", "there:7111");
  }

  private static final class Watcher implements StreamObserver<WatchDemandResponse> {

    private final List<WatchDemandResponse> told = new CopyOnWriteArrayList<>();
    private final CompletableFuture<MeshProblem> end = new CompletableFuture<>();

    WatchDemandResponse newest() {
      assertThat(told).isNotEmpty();
      return told.getLast();
    }

    @Override
    public void onNext(WatchDemandResponse message) {
      told.add(message);
    }

    @Override
    public void onError(Throwable failure) {
      end.complete(StatusMapper.fromStatus(failure));
    }

    @Override
    public void onCompleted() {
      end.completeExceptionally(new AssertionError("a watch has no good end"));
    }
  }
}
