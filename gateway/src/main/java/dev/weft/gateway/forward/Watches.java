package dev.weft.gateway.forward;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.agent.v1.AgentCellServiceGrpc;
import dev.weft.proto.internal.agent.v1.FollowAgentRequest;
import dev.weft.proto.internal.agent.v1.FollowAgentResponse;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.FollowTaskRequest;
import dev.weft.proto.internal.cell.v1.FollowTaskResponse;
import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc;
import dev.weft.proto.internal.fleet.v1.FollowWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FollowWorkersResponse;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.WatchTaskRequest;
import dev.weft.proto.workers.v1.SnapshotMarker;
import dev.weft.proto.workers.v1.WatchWorkersRequest;
import dev.weft.proto.workers.v1.WatchWorkersResponse;
import dev.weft.proto.workers.v1.WorkerRemoval;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/** The contract's watches. */
public final class Watches {

  private static final int MOST_CURSOR = 256;

  private final ResumingStream.Setting tasks;
  private final ResumingStream.Setting fleet;

  public Watches(
      Holder cell,
      Holder registry,
      Later later,
      Ticker ticker,
      Backoff backoff,
      RandomGenerator random) {
    tasks =
        new ResumingStream.Setting(
            cell, GatewayReason.CELL_UNAVAILABLE, later, ticker, backoff, random);
    fleet =
        new ResumingStream.Setting(
            registry, GatewayReason.REGISTRY_UNAVAILABLE, later, ticker, backoff, random);
  }

  /** Follows one task of the caller's tenant; the first item comes unasked. */
  public OpenStream task(Call call, WatchTaskRequest request, StreamSink<TaskEvent> sink) {
    return task(call.tenant(), request, sink);
  }

  /** As {@link #task(Call, WatchTaskRequest, StreamSink)}. */
  public OpenStream task(String tenant, WatchTaskRequest request, StreamSink<TaskEvent> sink) {
    String taskId = TaskForwarder.checkedTaskId(request.getTaskId());
    if (request.getAfterCursor().length() > MOST_CURSOR) {
      throw InvalidRequest.of("after_cursor", request.getAfterCursor(), "a cursor of this task");
    }
    AtomicReference<String> cursor = new AtomicReference<>(request.getAfterCursor());
    var kind =
        new ResumingStream.Kind<FollowTaskRequest, FollowTaskResponse, TaskEvent>(
            CellServiceGrpc.getFollowTaskMethod(),
            () ->
                FollowTaskRequest.newBuilder()
                    .setTenant(tenant)
                    .setTaskId(taskId)
                    .setAfterCursor(cursor.get())
                    .build(),
            answer -> {
              if (!answer.hasEvent()) {
                return Optional.empty();
              }
              cursor.set(answer.getEvent().getCursor());
              return Optional.of(answer.getEvent());
            });
    return opened(new ResumingStream<>(tasks, kind, sink));
  }

  /** Follows one agent of a tenant, with its home; the first item comes unasked. */
  public OpenStream agent(String tenant, String agentId, StreamSink<FollowAgentResponse> sink) {
    FollowAgentRequest request =
        FollowAgentRequest.newBuilder()
            .setTenant(tenant)
            .setAgentId(AgentChecks.checkedId(agentId))
            .build();
    var kind =
        new ResumingStream.Kind<FollowAgentRequest, FollowAgentResponse, FollowAgentResponse>(
            AgentCellServiceGrpc.getFollowAgentMethod(),
            () -> request,
            answer -> Optional.of(answer).filter(FollowAgentResponse::hasAgent));
    return opened(new ResumingStream<>(tasks, kind, sink));
  }

  /** Follows the fleet; the first item comes unasked. */
  public OpenStream workers(WatchWorkersRequest request, StreamSink<WatchWorkersResponse> sink) {
    if (request.getAfterRevision() < 0) {
      throw InvalidRequest.of("after_revision", request.getAfterRevision(), "0 or a revision");
    }
    AtomicLong revision = new AtomicLong(request.getAfterRevision());
    var kind =
        new ResumingStream.Kind<FollowWorkersRequest, FollowWorkersResponse, WatchWorkersResponse>(
            FleetServiceGrpc.getFollowWorkersMethod(),
            () -> FollowWorkersRequest.newBuilder().setAfterRevision(revision.get()).build(),
            answer -> step(answer, revision));
    return opened(new ResumingStream<>(fleet, kind, sink));
  }

  /**
   * Until the snapshot's end a break starts it anew: only then is the highest revision a place to
   * go on from.
   */
  private static Optional<WatchWorkersResponse> step(
      FollowWorkersResponse answer, AtomicLong revision) {
    WatchWorkersResponse.Builder step = WatchWorkersResponse.newBuilder();
    switch (answer.getStepCase()) {
      case WORKER -> {
        advance(revision, answer.getWorker().getRevision());
        step.setWorker(Withheld.tasks(answer.getWorker()));
      }
      case SNAPSHOT_END -> {
        long end = answer.getSnapshotEnd().getRevision();
        revision.accumulateAndGet(end, Math::max);
        step.setSnapshotEnd(SnapshotMarker.newBuilder().setRevision(end));
      }
      case REMOVED -> {
        advance(revision, answer.getRemoved().getRevision());
        step.setRemoved(
            WorkerRemoval.newBuilder()
                .setWorkerId(answer.getRemoved().getWorkerId())
                .setRevision(answer.getRemoved().getRevision()));
      }
      case HEARTBEAT, STEP_NOT_SET -> {
        return Optional.empty();
      }
    }
    return Optional.of(step.build());
  }

  private static void advance(AtomicLong revision, long seen) {
    if (revision.get() > 0) {
      revision.accumulateAndGet(seen, Math::max);
    }
  }

  private static OpenStream opened(ResumingStream<?, ?, ?> stream) {
    stream.open();
    return stream;
  }
}
