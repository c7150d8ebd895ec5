package dev.weft.gateway.testing;

import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.cell.v1.FetchLettersRequest;
import dev.weft.proto.internal.cell.v1.FetchLettersResponse;
import dev.weft.proto.internal.cell.v1.LetterServiceGrpc;
import dev.weft.proto.internal.cell.v1.PurgeLettersRequest;
import dev.weft.proto.internal.cell.v1.PurgeLettersResponse;
import dev.weft.proto.internal.cell.v1.RedriveLettersRequest;
import dev.weft.proto.internal.cell.v1.RedriveLettersResponse;
import dev.weft.proto.tasks.v1.DeadLetter;
import dev.weft.proto.tasks.v1.DeadLetterFilter;
import dev.weft.proto.tasks.v1.RedriveResult;
import dev.weft.proto.tasks.v1.RedrivenTask;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The router's dead letters in memory, by the rules that its contract promises to gateways. */
public final class FakeLetters extends LetterServiceGrpc.LetterServiceImplBase {

  public final List<FetchLettersRequest> fetches = new CopyOnWriteArrayList<>();
  public final List<RedriveLettersRequest> redrives = new CopyOnWriteArrayList<>();
  public final List<PurgeLettersRequest> purges = new CopyOnWriteArrayList<>();
  private final Map<String, Owned> letters = new LinkedHashMap<>();

  /** When set, a redrive by filter refuses every letter with it. */
  public volatile Optional<Problem> refusal = Optional.empty();

  private record Owned(String tenant, DeadLetter letter) {}

  public synchronized void clear() {
    letters.clear();
    redrives.clear();
    fetches.clear();
    purges.clear();
    refusal = Optional.empty();
  }

  public synchronized void add(String tenant, DeadLetter letter) {
    letters.put(letter.getTaskId(), new Owned(tenant, letter));
  }

  @Override
  public synchronized void fetchLetters(
      FetchLettersRequest request, StreamObserver<FetchLettersResponse> observer) {
    fetches.add(request);
    observer.onNext(
        FetchLettersResponse.newBuilder()
            .addAllDeadLetters(
                matching(request.getTenant(), request.getFilter(), request.getShowRedriven()))
            .build());
    observer.onCompleted();
  }

  @Override
  public synchronized void redriveLetters(
      RedriveLettersRequest request, StreamObserver<RedriveLettersResponse> observer) {
    redrives.add(request);
    RedriveLettersResponse.Builder response = RedriveLettersResponse.newBuilder();
    if (request.getTaskId().isEmpty()) {
      matching(request.getTenant(), request.getFilter(), false)
          .forEach(letter -> response.addResults(redriven(letter.getTaskId())));
      response.setNextPageToken("more");
    } else if (isKnown(request.getTenant(), request.getTaskId(), observer)) {
      response.addResults(redriven(request.getTaskId()));
    } else {
      return;
    }
    observer.onNext(response.build());
    observer.onCompleted();
  }

  private RedriveResult redriven(String taskId) {
    RedriveResult.Builder result = RedriveResult.newBuilder().setTaskId(taskId);
    if (refusal.isPresent()) {
      return result.setProblem(refusal.get()).build();
    }
    Owned owned = letters.get(taskId);
    boolean existing = !owned.letter.getRedrivenAs().isEmpty();
    String as = existing ? owned.letter.getRedrivenAs() : taskId.replace("tsk_0", "tsk_1");
    letters.put(
        taskId, new Owned(owned.tenant, owned.letter.toBuilder().setRedrivenAs(as).build()));
    return result
        .setRedriven(RedrivenTask.newBuilder().setTaskId(as).setExisting(existing))
        .build();
  }

  @Override
  public synchronized void purgeLetters(
      PurgeLettersRequest request, StreamObserver<PurgeLettersResponse> observer) {
    purges.add(request);
    List<String> gone = new ArrayList<>();
    if (request.getTaskId().isEmpty()) {
      matching(request.getTenant(), request.getFilter(), false)
          .forEach(letter -> gone.add(letter.getTaskId()));
    } else if (isKnown(request.getTenant(), request.getTaskId(), observer)) {
      gone.add(request.getTaskId());
    } else {
      return;
    }
    gone.forEach(letters::remove);
    observer.onNext(PurgeLettersResponse.newBuilder().setPurgedCount(gone.size()).build());
    observer.onCompleted();
  }

  private List<DeadLetter> matching(String tenant, DeadLetterFilter filter, boolean redrivenToo) {
    return letters.values().stream()
        .filter(owned -> owned.tenant.equals(tenant))
        .map(Owned::letter)
        .filter(letter -> redrivenToo || letter.getRedrivenAs().isEmpty())
        .filter(
            letter ->
                filter.getReasonsList().isEmpty()
                    || filter.getReasonsList().contains(letter.getProblem().getReason()))
        .toList();
  }

  private boolean isKnown(String tenant, String taskId, StreamObserver<?> observer) {
    Owned owned = letters.get(taskId);
    if (owned != null && owned.tenant.equals(tenant)) {
      return true;
    }
    observer.onError(
        StatusMapper.toStatus(
            StoreState.failure("DEAD_LETTER_NOT_FOUND", Code.NOT_FOUND, "task_id: " + taskId)));
    return false;
  }
}
