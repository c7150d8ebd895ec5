package dev.weft.gateway.rest;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.DeadLetterForwarder;
import dev.weft.proto.tasks.v1.DeadLetterFilter;
import dev.weft.proto.tasks.v1.ListDeadLettersRequest;
import dev.weft.proto.tasks.v1.ListDeadLettersResponse;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.PurgeDeadLetterRequest;
import dev.weft.proto.tasks.v1.PurgeDeadLetterResponse;
import dev.weft.proto.tasks.v1.PurgeDeadLettersRequest;
import dev.weft.proto.tasks.v1.PurgeDeadLettersResponse;
import dev.weft.proto.tasks.v1.RedriveDeadLetterRequest;
import dev.weft.proto.tasks.v1.RedriveDeadLetterResponse;
import dev.weft.proto.tasks.v1.RedriveDeadLettersRequest;
import dev.weft.proto.tasks.v1.RedriveDeadLettersResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Dead letters over HTTP; bodies are those of weft.tasks.v1.DeadLetterService. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "tasks")
public class DeadLetterResource {

  private static final String CLASS_PREFIX = "PRIORITY_CLASS_";

  private final DeadLetterForwarder letters;
  private final RestCalls calls;

  DeadLetterResource(DeadLetterForwarder letters, RestCalls calls) {
    this.letters = letters;
    this.calls = calls;
  }

  @GET
  @Path("dead-letters")
  @Needs(Scope.TASKS_READ)
  @Operation(
      operationId = "ListDeadLetters",
      summary = "Lists tasks that failed for good, those that ended last first.")
  @Answer(ListDeadLettersResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context,
      @QueryParam("pageSize") @Nullable String pageSize,
      @QueryParam("pageToken") @Nullable String pageToken,
      @QueryParam("showRedriven") @Nullable String showRedriven,
      @QueryParam("reasons") List<String> reasons,
      @QueryParam("priorityClasses") List<String> priorityClasses,
      @QueryParam("endedAfter") @Nullable String endedAfter,
      @QueryParam("endedBefore") @Nullable String endedBefore) {
    DeadLetterFilter.Builder filter = DeadLetterFilter.newBuilder().addAllReasons(reasons);
    priorityClasses.forEach(text -> filter.addPriorityClasses(priority(text)));
    if (endedAfter != null) {
      filter.setEndedAfter(Query.time("filter.ended_after", endedAfter));
    }
    if (endedBefore != null) {
      filter.setEndedBefore(Query.time("filter.ended_before", endedBefore));
    }
    return RestCalls.ok(
        letters.list(
            calls.of(context),
            ListDeadLettersRequest.newBuilder()
                .setPageSize(Query.pageSize(pageSize))
                .setPageToken(pageToken == null ? "" : pageToken)
                .setShowRedriven(Query.flag("show_redriven", showRedriven))
                .setFilter(filter)
                .build()));
  }

  @POST
  @Path("dead-letters/{taskId}:redrive")
  @Needs(Scope.TASKS_WRITE)
  @Operation(
      operationId = "RedriveDeadLetter",
      summary = "Submits a failed task's work as a new task, once however often it is asked.")
  @Answer(RedriveDeadLetterResponse.class)
  public CompletionStage<Response> redrive(
      @Context RoutingContext context, @PathParam("taskId") String taskId) {
    return RestCalls.ok(
        letters.redrive(
            calls.of(context), RedriveDeadLetterRequest.newBuilder().setTaskId(taskId).build()));
  }

  @POST
  @Path("dead-letters:redrive")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.TASKS_WRITE)
  @Operation(
      operationId = "RedriveDeadLetters",
      summary = "Redrives a page of what the filter matches; nextPageToken leads to the rest.")
  @Body(RedriveDeadLettersRequest.class)
  @Answer(RedriveDeadLettersResponse.class)
  public CompletionStage<Response> redriveAll(@Context RoutingContext context) {
    RedriveDeadLettersRequest request =
        ProtoJson.parse(RestCalls.body(context), RedriveDeadLettersRequest.newBuilder()).build();
    return RestCalls.ok(letters.redriveAll(calls.of(context), request));
  }

  @DELETE
  @Path("dead-letters/{taskId}")
  @Needs(Scope.TASKS_WRITE)
  @Operation(
      operationId = "PurgeDeadLetter",
      summary = "Takes a letter out of the queue for good; the failed task stays readable.")
  @Answer(PurgeDeadLetterResponse.class)
  public CompletionStage<Response> purge(
      @Context RoutingContext context, @PathParam("taskId") String taskId) {
    return RestCalls.ok(
        letters.purge(
            calls.of(context), PurgeDeadLetterRequest.newBuilder().setTaskId(taskId).build()));
  }

  @POST
  @Path("dead-letters:purge")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.TASKS_WRITE)
  @Operation(
      operationId = "PurgeDeadLetters",
      summary = "Purges a page of what the filter matches; nextPageToken leads to the rest.")
  @Body(PurgeDeadLettersRequest.class)
  @Answer(PurgeDeadLettersResponse.class)
  public CompletionStage<Response> purgeAll(@Context RoutingContext context) {
    PurgeDeadLettersRequest request =
        ProtoJson.parse(RestCalls.body(context), PurgeDeadLettersRequest.newBuilder()).build();
    return RestCalls.ok(letters.purgeAll(calls.of(context), request));
  }

  private static PriorityClass priority(String text) {
    String name = text.startsWith(CLASS_PREFIX) ? text : CLASS_PREFIX + text;
    try {
      return PriorityClass.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of("filter.priority_classes", text, "P0..P6");
    }
  }
}
