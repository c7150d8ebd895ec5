package dev.weft.gateway.testing;

import com.google.protobuf.util.Durations;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.cell.v1.ReplayServiceGrpc.ReplayServiceImplBase;
import dev.weft.proto.internal.cell.v1.RunReplayRequest;
import dev.weft.proto.internal.cell.v1.RunReplayResponse;
import dev.weft.proto.placement.v1.ReplayError;
import dev.weft.proto.placement.v1.ReplayFigures;
import dev.weft.proto.placement.v1.ReplayPlacementResponse;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The router's replays: one report for whoever asks; none of an algorithm of no name. */
public final class FakeReplays extends ReplayServiceImplBase {

  public static final String UNKNOWN = "ROULETTE";
  public static final String BUSY = "RANDOM_WITH_RETRY";

  public final List<RunReplayRequest> asked = new CopyOnWriteArrayList<>();

  @Override
  public void runReplay(RunReplayRequest request, StreamObserver<RunReplayResponse> observer) {
    asked.add(request);
    String algorithm = request.getQuestion().getAlgorithm();
    if (algorithm.equals(UNKNOWN)) {
      refuse(observer, "INVALID_FIELD", Code.INVALID_ARGUMENT, "algorithm: ROULETTE (expected: …)");
    } else if (algorithm.equals(BUSY)) {
      refuse(
          observer,
          "REPLAY_BUSY",
          Code.RESOURCE_EXHAUSTED,
          "replays of acme: 1 under way (expected: none)");
    } else {
      observer.onNext(RunReplayResponse.newBuilder().setReport(report()).build());
      observer.onCompleted();
    }
  }

  private static void refuse(
      StreamObserver<RunReplayResponse> observer, String reason, Code code, String message) {
    observer.onError(StatusMapper.toStatus(StoreState.failure(reason, code, message)));
  }

  private static ReplayPlacementResponse report() {
    return ReplayPlacementResponse.newBuilder()
        .setTaskCount(3)
        .setRecorded(ReplayFigures.newBuilder().setPolicy("placement-7").setMetCount(1))
        .setReplayed(
            ReplayFigures.newBuilder()
                .setPolicy("placement-7")
                .setWaitP99(Durations.fromMillis(37_500)))
        .setProposed(ReplayFigures.newBuilder().setPolicy("proposal").setMetCount(2))
        .setError(ReplayError.newBuilder().setWaitMeanError(Durations.fromMillis(250)))
        .build();
  }
}
