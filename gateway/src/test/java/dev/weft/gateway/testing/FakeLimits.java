package dev.weft.gateway.testing;

import dev.weft.proto.internal.cell.v1.ChangeLimitsRequest;
import dev.weft.proto.internal.cell.v1.ChangeLimitsResponse;
import dev.weft.proto.internal.cell.v1.DropLimitsRequest;
import dev.weft.proto.internal.cell.v1.DropLimitsResponse;
import dev.weft.proto.internal.cell.v1.FetchLimitsRequest;
import dev.weft.proto.internal.cell.v1.FetchLimitsResponse;
import dev.weft.proto.internal.cell.v1.TenantLimitServiceGrpc.TenantLimitServiceImplBase;
import dev.weft.proto.limits.v1.Amounts;
import dev.weft.proto.limits.v1.ClassLimit;
import dev.weft.proto.limits.v1.TenantLimits;
import dev.weft.proto.limits.v1.Tier;
import dev.weft.proto.tasks.v1.PriorityClass;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The router's limits: acme and globex have a tier. */
public final class FakeLimits extends TenantLimitServiceImplBase {

  public final List<ChangeLimitsRequest> changes = new CopyOnWriteArrayList<>();
  public final List<String> dropped = new CopyOnWriteArrayList<>();

  @Override
  public void fetchLimits(
      FetchLimitsRequest request, StreamObserver<FetchLimitsResponse> observer) {
    FetchLimitsResponse.Builder found = FetchLimitsResponse.newBuilder();
    for (String tenant : List.of("acme", "globex")) {
      if (request.getTenant().isEmpty() || request.getTenant().equals(tenant)) {
        found.addLimits(limits(tenant, Tier.TIER_PREMIUM, 1));
      }
    }
    observer.onNext(found.build());
    observer.onCompleted();
  }

  @Override
  public void changeLimits(
      ChangeLimitsRequest request, StreamObserver<ChangeLimitsResponse> observer) {
    changes.add(request);
    observer.onNext(
        ChangeLimitsResponse.newBuilder()
            .setLimits(limits(request.getTenant(), request.getTier(), request.getInstances()))
            .build());
    observer.onCompleted();
  }

  @Override
  public void dropLimits(DropLimitsRequest request, StreamObserver<DropLimitsResponse> observer) {
    dropped.add(request.getTenant());
    boolean was = List.of("acme", "globex").contains(request.getTenant());
    observer.onNext(DropLimitsResponse.newBuilder().setDropped(was).build());
    observer.onCompleted();
  }

  private static TenantLimits limits(String tenant, Tier tier, int instances) {
    return TenantLimits.newBuilder()
        .setTenantId(tenant)
        .setTier(tier)
        .setInstances(instances)
        .addClasses(
            ClassLimit.newBuilder()
                .setPriorityClass(PriorityClass.PRIORITY_CLASS_P0)
                .setLimit(Amounts.newBuilder().setCpuMilli(4_000).setSlots(32))
                .setUsed(Amounts.newBuilder().setCpuMilli(500).setSlots(1)))
        .build();
  }
}
