package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.ChangeLimitsRequest;
import dev.weft.proto.internal.cell.v1.ChangeLimitsResponse;
import dev.weft.proto.internal.cell.v1.DropLimitsRequest;
import dev.weft.proto.internal.cell.v1.DropLimitsResponse;
import dev.weft.proto.internal.cell.v1.FetchLimitsRequest;
import dev.weft.proto.internal.cell.v1.FetchLimitsResponse;
import dev.weft.proto.internal.cell.v1.TenantLimitServiceGrpc.TenantLimitServiceImplBase;
import dev.weft.router.app.TenantTiers;
import dev.weft.router.domain.limit.TenantTier;
import io.grpc.stub.StreamObserver;
import java.util.Comparator;
import java.util.Optional;

/** Tenants' limits as the gateways see them. */
public final class LimitGrpcService extends TenantLimitServiceImplBase {

  private final TenantTiers tiers;

  public LimitGrpcService(TenantTiers tiers) {
    this.tiers = tiers;
  }

  @Override
  public void fetchLimits(
      FetchLimitsRequest request, StreamObserver<FetchLimitsResponse> observer) {
    Optional<String> tenant = Optional.of(request.getTenant()).filter(name -> !name.isEmpty());
    Answers.send(
        tiers.levels(tenant),
        found ->
            FetchLimitsResponse.newBuilder()
                .addAllLimits(
                    found.stream()
                        .sorted(Comparator.comparing(one -> one.tier().tenant()))
                        .map(LimitProtoMapper::limits)
                        .toList())
                .build(),
        observer);
  }

  @Override
  public void changeLimits(
      ChangeLimitsRequest request, StreamObserver<ChangeLimitsResponse> observer) {
    TenantTier wanted = LimitProtoMapper.tier(tenant(request.getTenant()), request);
    Answers.send(
        tiers.set(wanted, request.getAuthor()),
        set -> ChangeLimitsResponse.newBuilder().setLimits(LimitProtoMapper.limits(set)).build(),
        observer);
  }

  @Override
  public void dropLimits(DropLimitsRequest request, StreamObserver<DropLimitsResponse> observer) {
    Answers.send(
        tiers.remove(tenant(request.getTenant())),
        was -> DropLimitsResponse.newBuilder().setDropped(was).build(),
        observer);
  }

  private static String tenant(String tenant) {
    if (tenant.isEmpty()) {
      throw MeshException.invalidField("tenant", tenant, "a tenant's id");
    }
    return tenant;
  }
}
