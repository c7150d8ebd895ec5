package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.testing.LoopbackMesh;
import dev.weft.proto.workers.v1.DrainWorkerRequest;
import dev.weft.proto.workers.v1.GetWorkerRequest;
import dev.weft.proto.workers.v1.ListWorkersRequest;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerState;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerForwarderTest {

  private final LoopbackMesh mesh = new LoopbackMesh();
  private final WorkerForwarder workers =
      new WorkerForwarder(mesh.registry, mesh.cell, _ -> CompletableFuture.completedFuture(null));

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void nobodyIsToldWhatTheWorkersRunForOthers() {
    Call call = Calls.of("acme");
    Stream<Worker> listed =
        workers
            .list(call, ListWorkersRequest.getDefaultInstance())
            .toCompletableFuture()
            .join()
            .getWorkersList()
            .stream();
    Worker read =
        workers
            .get(call, GetWorkerRequest.newBuilder().setWorkerId("sandbox-01").build())
            .toCompletableFuture()
            .join()
            .getWorker();

    assertThat(mesh.fleet.workers)
        .allMatch(worker -> worker.getLoad().getRunningTaskIdsCount() == 1);
    assertThat(Stream.concat(listed, Stream.of(read)).map(Worker::getLoad))
        .hasSize(3)
        .allMatch(load -> load.getRunningTaskIdsCount() == 0 && load.getSlotsUsed() == 1);
  }

  @ParameterizedTest
  @CsvSource({"false,WORKER_STATE_DRAINING", "true,WORKER_STATE_DRAINED"})
  void whoIsDrainedIsShownSoThoughTheRegistryHasNotHeardOfIt(boolean drained, WorkerState state) {
    mesh.placer.drained = drained;

    Worker answer =
        workers
            .drain(
                Calls.of("acme"), DrainWorkerRequest.newBuilder().setWorkerId("sandbox-01").build())
            .toCompletableFuture()
            .join()
            .getWorker();

    assertThat(mesh.fleet.workers)
        .extracting(Worker::getState)
        .containsOnly(WorkerState.WORKER_STATE_READY);
    assertThat(answer.getState()).isEqualTo(state);
    assertThat(answer.getProfile().getName()).isEqualTo("sandbox-01");
    assertThat(mesh.placer.drains)
        .extracting(it -> it.getWorkerId())
        .containsExactly(answer.getId());
  }
}
