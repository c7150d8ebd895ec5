package dev.weft.gateway.rest;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.TaskForwarder;
import dev.weft.proto.tasks.v1.BatchSubmitTasksRequest;
import dev.weft.proto.tasks.v1.BatchSubmitTasksResponse;
import dev.weft.proto.tasks.v1.CancelTaskRequest;
import dev.weft.proto.tasks.v1.CancelTaskResponse;
import dev.weft.proto.tasks.v1.GetTaskRequest;
import dev.weft.proto.tasks.v1.GetTaskResponse;
import dev.weft.proto.tasks.v1.ListDecisionsRequest;
import dev.weft.proto.tasks.v1.ListDecisionsResponse;
import dev.weft.proto.tasks.v1.ListTasksRequest;
import dev.weft.proto.tasks.v1.ListTasksResponse;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.SubmitTaskResponse;
import dev.weft.proto.tasks.v1.TaskState;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tasks over HTTP; bodies are the requests and responses of weft.tasks.v1.TaskService. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "tasks")
public class TaskResource {

  private static final String STATE_PREFIX = "TASK_STATE_";

  private final TaskForwarder tasks;
  private final RestCalls calls;

  TaskResource(TaskForwarder tasks, RestCalls calls) {
    this.tasks = tasks;
    this.calls = calls;
  }

  @POST
  @Path("tasks")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.TASKS_WRITE)
  @Operation(
      operationId = "SubmitTask",
      summary = "Accepts one task; the answer means that it is flushed to the write-ahead log.")
  @Body(SubmitTaskRequest.class)
  @Answer(value = SubmitTaskResponse.class, status = 201)
  public CompletionStage<Response> submit(
      @Context RoutingContext context, @HeaderParam("Idempotency-Key") @Nullable String key) {
    SubmitTaskRequest.Builder request =
        ProtoJson.parse(RestCalls.body(context), SubmitTaskRequest.newBuilder());
    request.setRequestId(Query.requestId(request.getRequestId(), key));
    return tasks.submit(calls.of(context), request.build()).thenApply(TaskResource::created);
  }

  @POST
  @Path("tasks:batch")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.TASKS_WRITE)
  @Operation(
      operationId = "BatchSubmitTasks",
      summary = "Accepts up to 1,000 tasks, each by itself.")
  @Body(BatchSubmitTasksRequest.class)
  @Answer(BatchSubmitTasksResponse.class)
  public CompletionStage<Response> submitAll(@Context RoutingContext context) {
    BatchSubmitTasksRequest request =
        ProtoJson.parse(RestCalls.body(context), BatchSubmitTasksRequest.newBuilder()).build();
    return RestCalls.ok(tasks.submitAll(calls.of(context), request));
  }

  @GET
  @Path("tasks")
  @Needs(Scope.TASKS_READ)
  @Operation(
      operationId = "ListTasks",
      summary = "Lists tasks, newest first; a page may be short while nextPageToken is set.")
  @Answer(ListTasksResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context,
      @QueryParam("pageSize") @Nullable String pageSize,
      @QueryParam("pageToken") @Nullable String pageToken,
      @QueryParam("states") List<String> states) {
    ListTasksRequest.Builder request =
        ListTasksRequest.newBuilder()
            .setPageSize(Query.pageSize(pageSize))
            .setPageToken(pageToken == null ? "" : pageToken);
    states.forEach(state -> request.addStates(state(state)));
    return RestCalls.ok(tasks.list(calls.of(context), request.build()));
  }

  @GET
  @Path("tasks/{taskId}")
  @Needs(Scope.TASKS_READ)
  @Operation(operationId = "GetTask", summary = "Reads one task.")
  @Answer(GetTaskResponse.class)
  public CompletionStage<Response> get(
      @Context RoutingContext context, @PathParam("taskId") String taskId) {
    return RestCalls.ok(
        tasks.get(calls.of(context), GetTaskRequest.newBuilder().setTaskId(taskId).build()));
  }

  @POST
  @Path("tasks/{taskId}:cancel")
  @Needs(Scope.TASKS_WRITE)
  @Operation(
      operationId = "CancelTask",
      summary = "Asks to end a task; one that has ended stays as it is.")
  @Answer(CancelTaskResponse.class)
  public CompletionStage<Response> cancel(
      @Context RoutingContext context, @PathParam("taskId") String taskId) {
    return RestCalls.ok(
        tasks.cancel(calls.of(context), CancelTaskRequest.newBuilder().setTaskId(taskId).build()));
  }

  @DELETE
  @Path("tasks/{taskId}")
  @Needs(Scope.TASKS_WRITE)
  @Operation(operationId = "DeleteTask", summary = "The same as :cancel; the task stays readable.")
  @Answer(CancelTaskResponse.class)
  public CompletionStage<Response> delete(
      @Context RoutingContext context, @PathParam("taskId") String taskId) {
    return cancel(context, taskId);
  }

  @GET
  @Path("tasks/{taskId}/decisions")
  @Needs(Scope.TASKS_READ)
  @Operation(
      operationId = "ListDecisions",
      summary = "Says why attempts went where they went, or why the task still waits.")
  @Answer(ListDecisionsResponse.class)
  public CompletionStage<Response> decisions(
      @Context RoutingContext context, @PathParam("taskId") String taskId) {
    return RestCalls.ok(
        tasks.decisions(
            calls.of(context), ListDecisionsRequest.newBuilder().setTaskId(taskId).build()));
  }

  private static Response created(SubmitTaskResponse answer) {
    Response response = RestCalls.json(answer.getExisting() ? 200 : 201, answer);
    // As plain text: the typed header needs the request's scope, which is gone by now.
    return Response.fromResponse(response)
        .header(HttpHeaders.LOCATION, "/v1/tasks/" + answer.getTask().getId())
        .build();
  }

  private static TaskState state(String text) {
    String name = text.startsWith(STATE_PREFIX) ? text : STATE_PREFIX + text;
    try {
      return TaskState.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of("states", text, "a state of the contract");
    }
  }
}
