package dev.weft.gateway.forward;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.TierSource;
import dev.weft.gateway.domain.TenantTier;
import dev.weft.proto.internal.cell.v1.FetchLimitsRequest;
import dev.weft.proto.internal.cell.v1.TenantLimitServiceGrpc;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Tenants' tiers, from whoever holds the cell. */
public final class CellTiers implements TierSource {

  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final Holder cell;

  public CellTiers(Holder cell) {
    this.cell = cell;
  }

  /** Fails with CELL_UNAVAILABLE if nobody holds the cell. */
  @Override
  public CompletionStage<Optional<TenantTier>> tier(String tenant) {
    FetchLimitsRequest question = FetchLimitsRequest.newBuilder().setTenant(tenant).build();
    return Upstream.visible(
            cell.call(
                channel -> TenantLimitServiceGrpc.newFutureStub(channel).fetchLimits(question),
                DEADLINE),
            GatewayReason.CELL_UNAVAILABLE)
        .thenApply(found -> found.getLimitsList().stream().findFirst().map(RateMapper::tier));
  }
}
