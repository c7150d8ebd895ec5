package dev.weft.gateway.rest;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.TaskForwarder;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.output.OutputFeeds;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.artifacts.v1.ReadOutputRequest;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.tasks.v1.GetTaskRequest;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /v1/tasks/{id}/logs}: what a task's attempts wrote, as plain text or as server-sent
 * events, whose ids are cursors. A client that comes back with one as {@code Last-Event-ID} misses
 * nothing.
 */
public final class TaskLogs implements RawRoute {

  static final String PATH = "/v1/tasks/:taskId/logs";

  private final TaskForwarder tasks;
  private final OutputFeeds outputs;
  private final WatchGuard guard;
  private final RestCalls calls;

  public TaskLogs(TaskForwarder tasks, OutputFeeds outputs, WatchGuard guard, RestCalls calls) {
    this.tasks = tasks;
    this.outputs = outputs;
    this.guard = guard;
    this.calls = calls;
  }

  @Override
  public void route(Router router) {
    router.get(PATH).handler(context -> Routes.guarded(context, () -> open(context)));
    Routes.otherwise(router, PATH, "GET");
  }

  private void open(RoutingContext context) {
    Call call = calls.of(context);
    Authenticator.require(call.caller(), Scope.TASKS_READ);
    boolean events = wantsEvents(context.request());
    StreamWriter.Format<List<ReadOutputResponse>> format =
        LogFormat.of(events, context.request().getParam("stream"));
    ReadOutputRequest request = request(context, events);
    Context eventLoop = context.vertx().getOrCreateContext();
    // Asked first, so that an unknown task is an answer of its own and no stream that breaks off.
    Routes.then(
        context,
        eventLoop,
        tasks.get(call, GetTaskRequest.newBuilder().setTaskId(request.getTaskId()).build()),
        _ -> {
          new StreamWriter<>(context, eventLoop, format, outputs::shareBytes)
              .run(
                  reader -> guard.admit(call, Scope.TASKS_READ, reader),
                  sink -> outputs.open(call, request, sink));
        });
  }

  /** Text is what there is, unless more is asked for; events go on. */
  private static ReadOutputRequest request(RoutingContext context, boolean events) {
    String follow = context.request().getParam("follow");
    String cursor =
        Optional.ofNullable(context.request().getHeader("Last-Event-ID"))
            .or(() -> Optional.ofNullable(context.request().getParam("afterCursor")))
            .orElse("");
    OutputFeeds.checkCursor(cursor);
    return ReadOutputRequest.newBuilder()
        .setTaskId(context.pathParam("taskId"))
        .setAfterCursor(cursor)
        .setFollow(follow == null ? events : Query.flag("follow", follow))
        .build();
  }

  private static boolean wantsEvents(HttpServerRequest request) {
    String accept = request.getHeader("Accept");
    if (accept != null && accept.contains(Sse.MEDIA_TYPE)) {
      return true;
    }
    boolean text =
        accept == null
            || accept.contains("text/plain")
            || accept.contains("text/*")
            || accept.contains("*/*");
    if (!text) {
      throw new MeshException(
          GatewayReason.NOT_ACCEPTABLE,
          "accept: " + accept + " (expected: text/plain or text/event-stream)");
    }
    return false;
  }
}
