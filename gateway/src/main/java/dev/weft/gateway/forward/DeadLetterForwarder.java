package dev.weft.gateway.forward;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.LetterRules;
import dev.weft.gateway.domain.TaskRules;
import dev.weft.proto.internal.cell.v1.FetchLettersRequest;
import dev.weft.proto.internal.cell.v1.LetterServiceGrpc;
import dev.weft.proto.internal.cell.v1.LetterServiceGrpc.LetterServiceFutureStub;
import dev.weft.proto.internal.cell.v1.PurgeLettersRequest;
import dev.weft.proto.internal.cell.v1.RedriveLettersRequest;
import dev.weft.proto.internal.cell.v1.RedriveLettersResponse;
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
import dev.weft.proto.tasks.v1.RedriveResult;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The contract's DeadLetterService for a caller who may: checks the request and asks the placer.
 * Every call may be repeated, since a letter is settled once.
 */
public final class DeadLetterForwarder {

  private final Holder cell;

  public DeadLetterForwarder(Holder cell) {
    this.cell = cell;
  }

  public CompletionStage<ListDeadLettersResponse> list(Call call, ListDeadLettersRequest request) {
    UnknownFields.refuse(request);
    checkFilter(request.getFilter());
    TaskForwarder.checkPageSize(request.getPageSize());
    FetchLettersRequest inner =
        FetchLettersRequest.newBuilder()
            .setTenant(call.tenant())
            .setFilter(request.getFilter())
            .setShowRedriven(request.getShowRedriven())
            .setPageSize(request.getPageSize())
            .setPageToken(request.getPageToken())
            .build();
    return ask(call, stub -> stub.fetchLetters(inner))
        .thenApply(
            answer ->
                ListDeadLettersResponse.newBuilder()
                    .addAllDeadLetters(answer.getDeadLettersList())
                    .setNextPageToken(answer.getNextPageToken())
                    .build());
  }

  public CompletionStage<RedriveDeadLetterResponse> redrive(
      Call call, RedriveDeadLetterRequest request) {
    UnknownFields.refuse(request);
    TaskRules.checkText("request_id", request.getRequestId());
    RedriveLettersRequest inner =
        redriver(call).setTaskId(TaskForwarder.checkedTaskId(request.getTaskId())).build();
    return ask(call, stub -> stub.redriveLetters(inner))
        .thenApply(
            answer ->
                RedriveDeadLetterResponse.newBuilder()
                    .setRedriven(answer.getResults(0).getRedriven())
                    .build());
  }

  public CompletionStage<RedriveDeadLettersResponse> redriveAll(
      Call call, RedriveDeadLettersRequest request) {
    UnknownFields.refuse(request);
    TaskRules.checkText("request_id", request.getRequestId());
    checkFilter(request.getFilter());
    if (request.getPageSize() < 0 || request.getPageSize() > LetterRules.MOST_REDRIVEN) {
      throw InvalidRequest.of(
          "page_size", request.getPageSize(), "0.." + LetterRules.MOST_REDRIVEN);
    }
    RedriveLettersRequest inner =
        redriver(call)
            .setFilter(request.getFilter())
            .setPageSize(request.getPageSize())
            .setPageToken(request.getPageToken())
            .build();
    return ask(call, stub -> stub.redriveLetters(inner)).thenApply(DeadLetterForwarder::redriven);
  }

  public CompletionStage<PurgeDeadLetterResponse> purge(Call call, PurgeDeadLetterRequest request) {
    UnknownFields.refuse(request);
    TaskRules.checkText("request_id", request.getRequestId());
    PurgeLettersRequest inner =
        PurgeLettersRequest.newBuilder()
            .setTenant(call.tenant())
            .setTaskId(TaskForwarder.checkedTaskId(request.getTaskId()))
            .build();
    return ask(call, stub -> stub.purgeLetters(inner))
        .thenApply(
            answer ->
                PurgeDeadLetterResponse.newBuilder()
                    .setPurged(answer.getPurgedCount() > 0)
                    .build());
  }

  public CompletionStage<PurgeDeadLettersResponse> purgeAll(
      Call call, PurgeDeadLettersRequest request) {
    UnknownFields.refuse(request);
    TaskRules.checkText("request_id", request.getRequestId());
    checkFilter(request.getFilter());
    if (!request.getAll() && request.getFilter().getSerializedSize() == 0) {
      throw InvalidRequest.of("filter", "empty", "a filter, or all");
    }
    TaskForwarder.checkPageSize(request.getPageSize());
    PurgeLettersRequest inner =
        PurgeLettersRequest.newBuilder()
            .setTenant(call.tenant())
            .setFilter(request.getFilter())
            .setPageSize(request.getPageSize())
            .setPageToken(request.getPageToken())
            .build();
    return ask(call, stub -> stub.purgeLetters(inner))
        .thenApply(
            answer ->
                PurgeDeadLettersResponse.newBuilder()
                    .setPurgedCount(answer.getPurgedCount())
                    .setNextPageToken(answer.getNextPageToken())
                    .build());
  }

  private static RedriveLettersRequest.Builder redriver(Call call) {
    return RedriveLettersRequest.newBuilder()
        .setTenant(call.tenant())
        .setPrincipal(call.caller().principal())
        .setTraceparent(call.traceparent());
  }

  private static RedriveDeadLettersResponse redriven(RedriveLettersResponse answer) {
    return RedriveDeadLettersResponse.newBuilder()
        .addAllResults(answer.getResultsList())
        .setRedrivenCount(
            (int) answer.getResultsList().stream().filter(RedriveResult::hasRedriven).count())
        .setNextPageToken(answer.getNextPageToken())
        .build();
  }

  private static void checkFilter(DeadLetterFilter filter) {
    LetterRules.check(
        filter.getReasonsList(),
        filter.getPriorityClassesList().stream()
            .noneMatch(
                priority ->
                    priority == PriorityClass.UNRECOGNIZED
                        || priority == PriorityClass.PRIORITY_CLASS_UNSPECIFIED));
  }

  private <T> CompletionStage<T> ask(
      Call call, Function<LetterServiceFutureStub, ListenableFuture<T>> question) {
    return Upstream.visible(
        cell.call(
            channel -> question.apply(LetterServiceGrpc.newFutureStub(channel)), call.patience()),
        GatewayReason.CELL_UNAVAILABLE);
  }
}
