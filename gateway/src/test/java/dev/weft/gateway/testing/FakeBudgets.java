package dev.weft.gateway.testing;

import dev.weft.proto.costs.v1.Money;
import dev.weft.proto.costs.v1.TenantBudget;
import dev.weft.proto.costs.v1.TenantTokens;
import dev.weft.proto.internal.cell.v1.ChangeBudgetRequest;
import dev.weft.proto.internal.cell.v1.ChangeBudgetResponse;
import dev.weft.proto.internal.cell.v1.DropBudgetRequest;
import dev.weft.proto.internal.cell.v1.DropBudgetResponse;
import dev.weft.proto.internal.cell.v1.FetchBudgetsRequest;
import dev.weft.proto.internal.cell.v1.FetchBudgetsResponse;
import dev.weft.proto.internal.cell.v1.TenantBudgetServiceGrpc.TenantBudgetServiceImplBase;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The router's budgets: acme and globex have one. */
public final class FakeBudgets extends TenantBudgetServiceImplBase {

  public final List<ChangeBudgetRequest> changes = new CopyOnWriteArrayList<>();
  public final List<String> dropped = new CopyOnWriteArrayList<>();

  @Override
  public void fetchBudgets(
      FetchBudgetsRequest request, StreamObserver<FetchBudgetsResponse> observer) {
    FetchBudgetsResponse.Builder found = FetchBudgetsResponse.newBuilder();
    for (String tenant : List.of("acme", "globex")) {
      if (request.getTenant().isEmpty() || request.getTenant().equals(tenant)) {
        found.addBudgets(
            TenantBudget.newBuilder().setTenantId(tenant).setLeft(money(1_500_000, "1.500000")));
      }
    }
    observer.onNext(found.build());
    observer.onCompleted();
  }

  @Override
  public void changeBudget(
      ChangeBudgetRequest request, StreamObserver<ChangeBudgetResponse> observer) {
    changes.add(request);
    observer.onNext(
        ChangeBudgetResponse.newBuilder()
            .setBudget(
                TenantBudget.newBuilder()
                    .setTenantId(request.getTenant())
                    .setTokens(TenantTokens.newBuilder().setDaily(request.getDailyTokens()))
                    .setDaily(money(request.getDailyMicros(), "2.000000")))
            .build());
    observer.onCompleted();
  }

  @Override
  public void dropBudget(DropBudgetRequest request, StreamObserver<DropBudgetResponse> observer) {
    dropped.add(request.getTenant());
    boolean was = List.of("acme", "globex").contains(request.getTenant());
    observer.onNext(DropBudgetResponse.newBuilder().setDropped(was).build());
    observer.onCompleted();
  }

  private static Money money(long micros, String amount) {
    return Money.newBuilder().setCurrencyCode("USD").setMicros(micros).setAmount(amount).build();
  }
}
