package dev.weft.gateway.forward;

import dev.weft.gateway.app.CoalescerLimits;
import dev.weft.gateway.app.CoalescerTools;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.SubmitCoalescer;
import dev.weft.gateway.app.SubmitGate;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.TaskRules;
import dev.weft.platform.id.PrefixedId;
import dev.weft.proto.internal.cell.v1.Accepted;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.EndTaskRequest;
import dev.weft.proto.internal.cell.v1.FetchDecisionsRequest;
import dev.weft.proto.internal.cell.v1.FetchTaskRequest;
import dev.weft.proto.internal.cell.v1.FetchTasksRequest;
import dev.weft.proto.internal.cell.v1.Submission;
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
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;

/**
 * The contract's TaskService, less its stream, for a caller who may: checks the request and asks
 * the placer.
 */
public final class TaskForwarder {

  static final int MOST_PAGE = 1000;

  private final Submitting submitting;
  private final Holder cell;

  public TaskForwarder(
      SubmitGate gate,
      SubmitCoalescer<Submission, Accepted> submissions,
      Holder cell,
      SubmitCheck inputs) {
    this.submitting = new Submitting(gate, submissions, inputs);
    this.cell = cell;
  }

  /** Gathers submissions for the placer. */
  public static SubmitCoalescer<Submission, Accepted> coalescer(
      Holder cell, CoalescerLimits limits, CoalescerTools tools, IntConsumer onBatch) {
    return new SubmitCoalescer<>(new CellSubmitter(cell), limits, tools, onBatch);
  }

  public CompletionStage<SubmitTaskResponse> submit(Call call, SubmitTaskRequest request) {
    return submitting.submit(call, request);
  }

  /** Each item by itself: what is wrong with one is its own outcome. */
  public CompletionStage<BatchSubmitTasksResponse> submitAll(
      Call call, BatchSubmitTasksRequest request) {
    return submitting.submitAll(call, request);
  }

  public CompletionStage<GetTaskResponse> get(Call call, GetTaskRequest request) {
    FetchTaskRequest inner =
        FetchTaskRequest.newBuilder()
            .setTenant(call.tenant())
            .setTaskId(checkedTaskId(request.getTaskId()))
            .build();
    return visible(
        cell.call(
                channel -> CellServiceGrpc.newFutureStub(channel).fetchTask(inner), call.patience())
            .thenApply(answer -> GetTaskResponse.newBuilder().setTask(answer.getTask()).build()));
  }

  public CompletionStage<ListTasksResponse> list(Call call, ListTasksRequest request) {
    checkPageSize(request.getPageSize());
    for (TaskState state : request.getStatesList()) {
      if (state == TaskState.UNRECOGNIZED || state == TaskState.TASK_STATE_UNSPECIFIED) {
        throw InvalidRequest.of("states", state, "states of the contract");
      }
    }
    FetchTasksRequest inner =
        FetchTasksRequest.newBuilder()
            .setTenant(call.tenant())
            .setPageSize(request.getPageSize())
            .setPageToken(request.getPageToken())
            .addAllStates(request.getStatesList())
            .build();
    return visible(
        cell.call(
                channel -> CellServiceGrpc.newFutureStub(channel).fetchTasks(inner),
                call.patience())
            .thenApply(
                answer ->
                    ListTasksResponse.newBuilder()
                        .addAllTasks(answer.getTasksList())
                        .setNextPageToken(answer.getNextPageToken())
                        .build()));
  }

  public CompletionStage<CancelTaskResponse> cancel(Call call, CancelTaskRequest request) {
    TaskRules.checkText("request_id", request.getRequestId());
    EndTaskRequest inner =
        EndTaskRequest.newBuilder()
            .setTenant(call.tenant())
            .setTaskId(checkedTaskId(request.getTaskId()))
            .build();
    return visible(
        cell.call(channel -> CellServiceGrpc.newFutureStub(channel).endTask(inner), call.patience())
            .thenApply(
                answer -> CancelTaskResponse.newBuilder().setTask(answer.getTask()).build()));
  }

  public CompletionStage<ListDecisionsResponse> decisions(Call call, ListDecisionsRequest request) {
    FetchDecisionsRequest inner =
        FetchDecisionsRequest.newBuilder()
            .setTenant(call.tenant())
            .setTaskId(checkedTaskId(request.getTaskId()))
            .build();
    return visible(
        cell.call(
                channel -> CellServiceGrpc.newFutureStub(channel).fetchDecisions(inner),
                call.patience())
            .thenApply(
                answer ->
                    ListDecisionsResponse.newBuilder()
                        .addAllDecisions(answer.getDecisionsList())
                        .build()));
  }

  public static String checkedTaskId(String text) {
    try {
      PrefixedId.parse(CellSubmitter.TASK_PREFIX, text);
      return text;
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of("task_id", text, "tsk_ and 26 characters");
    }
  }

  public static void checkPageSize(int pageSize) {
    if (pageSize < 0 || pageSize > MOST_PAGE) {
      throw InvalidRequest.of("page_size", pageSize, "0.." + MOST_PAGE);
    }
  }

  private static <T> CompletionStage<T> visible(CompletionStage<T> answer) {
    return Upstream.visible(answer, GatewayReason.CELL_UNAVAILABLE);
  }
}
