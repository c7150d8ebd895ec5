package dev.weft.gateway.forward;

import com.google.protobuf.ByteString;
import dev.weft.gateway.app.Admission;
import dev.weft.gateway.app.SubmitCoalescer;
import dev.weft.gateway.app.SubmitGate;
import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.TaskRules;
import dev.weft.proto.internal.cell.v1.Accepted;
import dev.weft.proto.internal.cell.v1.Submission;
import dev.weft.proto.tasks.v1.BatchSubmitResult;
import dev.weft.proto.tasks.v1.BatchSubmitTasksRequest;
import dev.weft.proto.tasks.v1.BatchSubmitTasksResponse;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.SubmitTaskResponse;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Hands in tasks: what is well-formed takes its tenant's tokens, then what it names is looked for,
 * then it goes to the placer. So a task costs a token whether it is known already or not.
 */
final class Submitting {

  static final int MOST_ITEMS = 1000;

  private final SubmitGate gate;
  private final SubmitCoalescer<Submission, Accepted> submissions;
  private final SubmitCheck inputs;

  Submitting(
      SubmitGate gate, SubmitCoalescer<Submission, Accepted> submissions, SubmitCheck inputs) {
    this.gate = gate;
    this.submissions = submissions;
    this.inputs = inputs;
  }

  CompletionStage<SubmitTaskResponse> submit(Call call, SubmitTaskRequest request) {
    TaskRules.check(TaskDraftMapper.of(request));
    return gate.admit(call.tenant(), 1)
        .thenCompose(admission -> submit(call, request, admission))
        .thenApply(accepted -> response(accepted, request.getSpec()));
  }

  private CompletionStage<Accepted> submit(
      Call call, SubmitTaskRequest request, Admission admission) {
    if (admission.granted() == 0) {
      throw admission.refusal(0);
    }
    Submission submission = submission(call, request);
    int size = submission.getSerializedSize();
    return inputs
        .check(call, request.getSpec(), new HashMap<>())
        .thenCompose(_ -> submissions.submit(call.tenant(), submission, size, call.patience()));
  }

  /** Each item by itself: what is wrong with one is its own outcome. */
  CompletionStage<BatchSubmitTasksResponse> submitAll(Call call, BatchSubmitTasksRequest request) {
    int count = request.getRequestsCount();
    if (count == 0 || count > MOST_ITEMS) {
      throw InvalidRequest.of("requests", count + " items", "1.." + MOST_ITEMS + " items");
    }
    List<Item> items = request.getRequestsList().stream().map(Submitting::item).toList();
    int sound = (int) items.stream().filter(item -> !item.fault().isDone()).count();
    return gate.admit(call.tenant(), sound)
        .thenCompose(admission -> checkAdmitted(call, items, admission))
        .thenCompose(_ -> submitSound(call, items));
  }

  /** One item of a batch, and what is wrong with it, once that is known. */
  private record Item(
      SubmitTaskRequest request, CompletableFuture<Optional<BatchSubmitResult>> fault) {}

  private static Item item(SubmitTaskRequest request) {
    CompletableFuture<Optional<BatchSubmitResult>> fault = new CompletableFuture<>();
    try {
      TaskRules.check(TaskDraftMapper.of(request));
    } catch (RuntimeException e) {
      fault.complete(Optional.of(problem(e)));
    }
    return new Item(request, fault);
  }

  /** Looks for what the items name that may be submitted, the first ones that are well-formed. */
  private CompletionStage<Void> checkAdmitted(Call call, List<Item> items, Admission admission) {
    Map<String, CompletionStage<Void>> asked = new HashMap<>();
    int index = 0;
    for (Item item : items) {
      if (item.fault().isDone()) {
        continue;
      }
      if (index >= admission.granted()) {
        item.fault().complete(Optional.of(problem(admission.refusal(index))));
      } else {
        check(call, item, asked);
      }
      index++;
    }
    return allOf(items.stream().map(Item::fault).toList());
  }

  private void check(Call call, Item item, Map<String, CompletionStage<Void>> asked) {
    try {
      inputs
          .check(call, item.request().getSpec(), asked)
          .whenComplete(
              (_, failure) ->
                  item.fault().complete(Optional.ofNullable(failure).map(Submitting::problem)));
    } catch (RuntimeException e) {
      item.fault().complete(Optional.of(problem(e)));
    }
  }

  private CompletionStage<BatchSubmitTasksResponse> submitSound(Call call, List<Item> items) {
    List<Submission> sound =
        items.stream()
            .filter(item -> item.fault().join().isEmpty())
            .map(item -> submission(call, item.request()))
            .toList();
    Iterator<CompletionStage<Accepted>> answers =
        submissions
            .submitAll(call.tenant(), sound, Submission::getSerializedSize, call.patience())
            .iterator();
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
}
