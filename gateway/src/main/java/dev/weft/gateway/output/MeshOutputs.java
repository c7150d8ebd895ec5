package dev.weft.gateway.output;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.ResumingStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.gateway.forward.Upstream;
import dev.weft.gateway.forward.Watches;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.FetchTaskRequest;
import dev.weft.proto.internal.cell.v1.FetchTaskResponse;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.WatchTaskRequest;
import io.grpc.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Output as the mesh has it: tasks and their events at the placer, logs at the artifact service. A
 * stream may have many readers, so none of them begins in the context of the one call that happens
 * to be first: it would end with it.
 */
public final class MeshOutputs {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Holder cell;
  private final Watches watches;
  private final ResumingStream.Setting logs;
  private final Later later;
  private final InstantSource clock;
  private final MemoryShare share;

  /**
   * @param logs whose holder is any replica of the artifact service
   */
  public MeshOutputs(
      Holder cell,
      Watches watches,
      ResumingStream.Setting logs,
      Later later,
      InstantSource clock,
      MemoryShare share) {
    this.cell = cell;
    this.watches = watches;
    this.logs = logs;
    this.later = later;
    this.clock = clock;
    this.share = share;
  }

  OutputOrigin of(String tenant, String taskId) {
    return new Origin(tenant, taskId);
  }

  private final class Origin implements OutputOrigin {

    private final String tenant;
    private final String taskId;

    Origin(String tenant, String taskId) {
      this.tenant = tenant;
      this.taskId = taskId;
    }

    @Override
    public CompletionStage<Task> task() {
      FetchTaskRequest request =
          FetchTaskRequest.newBuilder().setTenant(tenant).setTaskId(taskId).build();
      return detached(
          () ->
              Upstream.visible(
                  cell.call(
                          channel -> CellServiceGrpc.newFutureStub(channel).fetchTask(request),
                          PATIENCE)
                      .thenApply(FetchTaskResponse::getTask),
                  GatewayReason.CELL_UNAVAILABLE));
    }

    @Override
    public OpenStream events(StreamSink<TaskEvent> sink) {
      WatchTaskRequest request = WatchTaskRequest.newBuilder().setTaskId(taskId).build();
      return detached(() -> watches.task(tenant, request, sink));
    }

    @Override
    public OpenStream tail(OutputCursor after, boolean live, LogSink sink, int ahead) {
      return detached(() -> new AttemptTail(tenant, taskId, after, live, sink).open(logs, ahead));
    }

    @Override
    public int ahead() {
      return share.chunks();
    }

    @Override
    public void later(Duration pause, Runnable task) {
      later.run(pause, task);
    }

    @Override
    public Instant now() {
      return clock.instant();
    }

    private static <T> T detached(Supplier<T> start) {
      Context before = Context.ROOT.attach();
      try {
        return start.get();
      } finally {
        Context.ROOT.detach(before);
      }
    }
  }
}
