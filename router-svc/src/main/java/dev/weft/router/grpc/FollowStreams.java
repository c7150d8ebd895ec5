package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.platform.grpc.StreamOutbox;
import dev.weft.proto.internal.cell.v1.FollowTaskRequest;
import dev.weft.proto.internal.cell.v1.FollowTaskResponse;
import dev.weft.router.app.CellReader;
import dev.weft.router.app.EventChain;
import dev.weft.router.app.EventCursor;
import dev.weft.router.app.Followers;
import dev.weft.router.app.StoredTask;
import dev.weft.router.app.TaskFollowers;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.task.TaskId;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Streams of one task's events. A reader that is too slow is cut off and can resume at its cursor.
 */
public final class FollowStreams {

  /** Room for the whole history of a task with the most attempts, which is told at once. */
  private static final StreamOutbox.Limits LIMITS =
      new StreamOutbox.Limits(1_024, 1 << 20, 64 << 10);

  private final TaskFollowers followers;
  private final TaskQueries queries;
  private final CellReader reader;
  private final ScheduledExecutorService timer;

  public FollowStreams(
      TaskFollowers followers,
      TaskQueries queries,
      CellReader reader,
      ScheduledExecutorService timer) {
    this.followers = followers;
    this.queries = queries;
    this.reader = reader;
    this.timer = timer;
  }

  void open(FollowTaskRequest request, ServerCallStreamObserver<FollowTaskResponse> observer) {
    TaskId id = WireQueries.task(request.getTaskId());
    EventCursor after = cursor(request.getAfterCursor());
    StreamOutbox<FollowTaskResponse> outbox =
        new StreamOutbox<>(observer, LIMITS, StreamOutbox.Coalescer.none());
    Followers.Following<EventChain.Step, EventCursor> following =
        followers.register(request.getTenant(), id, new Sink(outbox));
    FollowerLife.begin(observer, outbox, following, timer, FollowTaskResponse.getDefaultInstance());
    catchUp(request.getTenant(), id, after, following, outbox);
  }

  private void catchUp(
      String tenant,
      TaskId id,
      EventCursor after,
      Followers.Following<EventChain.Step, EventCursor> following,
      StreamOutbox<FollowTaskResponse> outbox) {
    queries
        .task(tenant, id)
        .thenCompose(
            seen -> {
              StoredTask stored = seen.orElseThrow(() -> CellGrpcService.unknown(id)).stored();
              if (after.commit() > stored.revision()) {
                throw invalidCursor(after, "one that this task's events gave");
              }
              boolean over = stored.row().progress().state().terminal();
              return reader
                  .events(tenant, id, after)
                  .thenAccept(chain -> tell(chain, after, over, following));
            })
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                following.close();
                outbox.fail(Denials.exception(failure));
              }
            });
  }

  private static void tell(
      EventChain chain,
      EventCursor after,
      boolean over,
      Followers.Following<EventChain.Step, EventCursor> following) {
    if (!chain.complete()) {
      throw new MeshException(
              RouterReason.CURSOR_TOO_OLD, "cursor: %s (expected: a newer one)".formatted(after))
          .with("cursor", TaskProtoMapper.cursor(after));
    }
    following.caughtUp(after, chain.steps(), over);
  }

  /** Nothing would ever come after it. */
  private static MeshException invalidCursor(EventCursor cursor, String expected) {
    String text = TaskProtoMapper.cursor(cursor);
    return new MeshException(
            RouterReason.INVALID_CURSOR, "cursor: %s (expected: %s)".formatted(text, expected))
        .with("cursor", text);
  }

  private static EventCursor cursor(String text) {
    try {
      return TaskProtoMapper.cursor(text);
    } catch (IllegalArgumentException e) {
      throw new MeshException(RouterReason.INVALID_CURSOR, String.valueOf(e.getMessage()))
          .with("cursor", text);
    }
  }

  private record Sink(StreamOutbox<FollowTaskResponse> outbox)
      implements Followers.Sink<EventChain.Step> {

    @Override
    public void step(EventChain.Step step) {
      outbox.offer(FollowTaskResponse.newBuilder().setEvent(TaskProtoMapper.event(step)).build());
    }

    @Override
    public void completed() {
      outbox.complete();
    }

    @Override
    public void denied(Denial reason) {
      outbox.fail(Denials.exception(reason));
    }
  }
}
