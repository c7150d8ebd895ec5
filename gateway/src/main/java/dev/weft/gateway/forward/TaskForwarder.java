package dev.weft.gateway.forward;

import com.google.protobuf.ByteString;
import dev.weft.gateway.app.CoalescerLimits;
import dev.weft.gateway.app.CoalescerTools;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.SubmitCoalescer;
import dev.weft.gateway.domain.Caller;
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
import dev.weft.proto.tasks.v1.BatchSubmitResult;
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
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;

/**
 * The contract's TaskService, less its stream, for a caller who may: checks the request and asks
 * the placer.
 */
public final class TaskForwarder {

  static final int MOST_ITEMS = 1000;
  static final int MOST_PAGE = 1000;

  private final SubmitCoalescer<Submission, Accepted> submissions;
  private final Holder cell;
  private final SubmitCheck inputs;

  public TaskForwarder(
      SubmitCoalescer<Submission, Accepted> submissions, Holder cell, SubmitCheck inputs) {
    this.submissions = submissions;
    this.cell = cell;
    this.inputs = inputs;
  }

  /** Gathers submissions for the placer. */
  public static SubmitCoalescer<Submission, Accepted> coalescer(
      Holder cell, CoalescerLimits limits, CoalescerTools tools, IntConsumer onBatch) {
    return new SubmitCoalescer<>(new CellSubmitter(cell), limits, tools, onBatch);
  }

  public CompletionStage<SubmitTaskResponse> submit(Call call, SubmitTaskRequest request) {
    TaskRules.check(TaskDraftMapper.of(request));
    Submission submission = submission(call, request);
    return inputs
        .check(call, request.getSpec(), new HashMap<>())
        .thenCompose(
            _ -> submissions.submit(submission, submission.getSerializedSize(), call.patience()))
        .thenApply(accepted -> response(accepted, request.getSpec()));
  }

  /** Each item by itself: what is wrong with one is its own outcome. */
  public CompletionStage<BatchSubmitTasksResponse> submitAll(
      Call call, BatchSubmitTasksRequest request) {
    int count = request.getRequestsCount();
    if (count == 0 || count > MOST_ITEMS) {
      throw InvalidRequest.of("requests", count + " items", "1.." + MOST_ITEMS + " items");
    }
    Map<String, CompletionStage<Void>> asked = new HashMap<>();
    List<Item> items = new ArrayList<>(count);
    for (SubmitTaskRequest one : request.getRequestsList()) {
      items.add(item(call, one, asked));
    }
    return allOf(items.stream().map(Item::fault).toList())
        .thenCompose(_ -> submitSound(call, items));
  }

  /** One item of a batch, and what is wrong with it, once that is known. */
  private record Item(
      SubmitTaskRequest request, CompletableFuture<Optional<BatchSubmitResult>> fault) {}

  private Item item(
      Call call, SubmitTaskRequest request, Map<String, CompletionStage<Void>> asked) {
    CompletableFuture<Optional<BatchSubmitResult>> fault = new CompletableFuture<>();
    try {
      TaskRules.check(TaskDraftMapper.of(request));
      inputs
          .check(call, request.getSpec(), asked)
          .whenComplete(
              (_, failure) ->
                  fault.complete(Optional.ofNullable(failure).map(TaskForwarder::problem)));
    } catch (RuntimeException e) {
      fault.complete(Optional.of(problem(e)));
    }
    return new Item(request, fault);
  }

  private CompletionStage<BatchSubmitTasksResponse> submitSound(Call call, List<Item> items) {
    List<Submission> sound =
        items.stream()
            .filter(item -> item.fault().join().isEmpty())
            .map(item -> submission(call, item.request()))
            .toList();
    Iterator<CompletionStage<Accepted>> answers =
        submissions.submitAll(sound, Submission::getSerializedSize, call.patience()).iterator();
    List<CompletableFuture<BatchSubmitResult>> results = new ArrayList<>(items.size());
    for (Item item : items) {
      Optional<BatchSubmitResult> fault = item.fault().join();
      results.add(
          fault.isPresent()
              ? CompletableFuture.completedFuture(fault.get())
              : answers
                  .next()
                  .handle(
                      (accepted, failure) ->
                          failure == null
                              ? accepted(accepted, item.request().getSpec())
                              : problem(failure))
                  .toCompletableFuture());
    }
    return allOf(results)
        .thenApply(
            _ -> {
              BatchSubmitTasksResponse.Builder response = BatchSubmitTasksResponse.newBuilder();
              results.forEach(result -> response.addResults(result.join()));
              return response.build();
            });
  }

  private static CompletableFuture<Void> allOf(List<? extends CompletableFuture<?>> all) {
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
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

  private static Submission submission(Call call, SubmitTaskRequest request) {
    Caller caller = call.caller();
    return Submission.newBuilder()
        .setTenant(caller.tenant())
        .setPrincipal(caller.principal())
        .setRequestId(request.getRequestId())
        .setSpecDigest(
            request.getRequestId().isEmpty() ? ByteString.EMPTY : SpecDigest.of(request.getSpec()))
        .setSpec(request.getSpec())
        .setTraceparent(call.traceparent())
        .build();
  }

  private static SubmitTaskResponse response(Accepted accepted, TaskSpec asked) {
    Task task = accepted.getTask();
    return SubmitTaskResponse.newBuilder()
        .setTask(accepted.getExisting() ? task : task.toBuilder().setSpec(asked).build())
        .setExisting(accepted.getExisting())
        .build();
  }

  /** Without what its submitter has just sent: a batch's answer would hold all of it again. */
  private static BatchSubmitResult accepted(Accepted accepted, TaskSpec asked) {
    return BatchSubmitResult.newBuilder()
        .setAccepted(response(accepted, Withheld.payloads(asked)))
        .build();
  }

  private static BatchSubmitResult problem(Throwable failure) {
    return BatchSubmitResult.newBuilder().setProblem(Problems.of(failure)).build();
  }

  private static <T> CompletionStage<T> visible(CompletionStage<T> answer) {
    return Upstream.visible(answer, GatewayReason.CELL_UNAVAILABLE);
  }
}
