package dev.weft.gateway.testing;

import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.costs.v1.CostLine;
import dev.weft.proto.costs.v1.Money;
import dev.weft.proto.internal.cell.v1.CostReportServiceGrpc.CostReportServiceImplBase;
import dev.weft.proto.internal.cell.v1.FetchCostsRequest;
import dev.weft.proto.internal.cell.v1.FetchCostsResponse;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The router's costs: one line for whoever asks, about what was asked. */
public final class FakeCosts extends CostReportServiceImplBase {

  public static final String UNKNOWN_TASK = "tsk_00000000000000000000000009";

  public final List<FetchCostsRequest> asked = new CopyOnWriteArrayList<>();

  @Override
  public void fetchCosts(FetchCostsRequest request, StreamObserver<FetchCostsResponse> observer) {
    asked.add(request);
    if (request.getTaskId().equals(UNKNOWN_TASK)) {
      observer.onError(
          StatusMapper.toStatus(
              StoreState.failure(
                  "TASK_NOT_FOUND", Code.NOT_FOUND, "task: " + UNKNOWN_TASK + " is unknown")));
      return;
    }
    observer.onNext(
        FetchCostsResponse.newBuilder()
            .addCostLines(
                CostLine.newBuilder()
                    .setKey(request.getTenant().isEmpty() ? "everybody" : request.getTenant())
                    .setTaskCount(1)
                    .setAttemptCount(2)
                    .setCost(
                        Money.newBuilder()
                            .setCurrencyCode("USD")
                            .setMicros(4_150)
                            .setAmount("0.004150")))
            .addCostLines(CostLine.newBuilder().setUnpricedAttemptCount(3))
            .setNextPageToken("more")
            .build());
    observer.onCompleted();
  }
}
