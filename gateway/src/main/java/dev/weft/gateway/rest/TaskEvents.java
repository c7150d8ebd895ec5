package dev.weft.gateway.rest;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.TaskForwarder;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.forward.Watches;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.tasks.v1.GetTaskRequest;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.WatchTaskRequest;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /v1/tasks/{id}/events}: a task's changes as server-sent events. The id of an event is
 * its cursor; a client that comes back with it as {@code Last-Event-ID} misses nothing. Ends after
 * the terminal event.
 */
public final class TaskEvents implements RawRoute {

  static final String PATH = "/v1/tasks/:taskId/events";

  private static final Sse<TaskEvent> EVENTS =
      new Sse<>(
          event ->
              List.of(Buffer.buffer(Sse.event("task", event.getCursor(), ProtoJson.print(event))))
                  .iterator(),
          "");

  private static final int WRITE_QUEUE_BYTES = 64 * 1024;

  private final TaskForwarder tasks;
  private final Watches watches;
  private final WatchGuard guard;
  private final RestCalls calls;

  public TaskEvents(TaskForwarder tasks, Watches watches, WatchGuard guard, RestCalls calls) {
    this.tasks = tasks;
    this.watches = watches;
    this.guard = guard;
    this.calls = calls;
  }

  @Override
  public void route(Router router) {
    router.get(PATH).handler(this::open);
    Routes.otherwise(router, PATH, "GET");
  }

  private void open(RoutingContext context) {
    try {
      Call call = calls.of(context);
      Authenticator.require(call.caller(), Scope.TASKS_READ);
      checkAccept(context);
      String taskId = context.pathParam("taskId");
      WatchTaskRequest request =
          WatchTaskRequest.newBuilder().setTaskId(taskId).setAfterCursor(cursor(context)).build();
      Context eventLoop = context.vertx().getOrCreateContext();
      // Asked first, so that an unknown task is an answer of its own and no stream that breaks off.
      tasks
          .get(call, GetTaskRequest.newBuilder().setTaskId(taskId).build())
          .whenComplete(
              (_, failure) ->
                  eventLoop.runOnContext(
                      _ -> {
                        if (failure != null) {
                          DoorFilter.refuse(context, failure);
                        } else {
                          begin(context, eventLoop, call, request);
                        }
                      }));
    } catch (RuntimeException e) {
      DoorFilter.refuse(context, e);
    }
  }

  private void begin(
      RoutingContext context, Context eventLoop, Call call, WatchTaskRequest request) {
    if (context.response().closed()) {
      return;
    }
    try {
      new StreamWriter<>(context, eventLoop, EVENTS, () -> WRITE_QUEUE_BYTES)
          .run(
              reader -> guard.admit(call, Scope.TASKS_READ, reader),
              sink -> watches.task(call, request, sink));
    } catch (RuntimeException e) {
      DoorFilter.refuse(context, e);
    }
  }

  private static String cursor(RoutingContext context) {
    return Optional.ofNullable(context.request().getHeader("Last-Event-ID"))
        .or(() -> Optional.ofNullable(context.request().getParam("afterCursor")))
        .orElse("");
  }

  private static void checkAccept(RoutingContext context) {
    String accept = context.request().getHeader("Accept");
    boolean fits =
        accept == null
            || accept.contains("text/event-stream")
            || accept.contains("text/*")
            || accept.contains("*/*");
    if (!fits) {
      throw new MeshException(
          GatewayReason.NOT_ACCEPTABLE, "accept: " + accept + " (expected: text/event-stream)");
    }
  }
}
