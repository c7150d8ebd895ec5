package dev.weft.gateway.forward;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.RateGate;
import dev.weft.gateway.app.TierBook;
import dev.weft.gateway.domain.RateBound;
import dev.weft.gateway.domain.RateWish;
import dev.weft.gateway.domain.TenantTier;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.limits.v1.AcquireRateRequest;
import dev.weft.proto.limits.v1.AcquireRateResponse;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The contract's AcquireRate for a caller who may: asks for its own tenant alone. */
public final class RateForwarder {

  private static final AcquireRateResponse UNBOUNDED =
      AcquireRateResponse.newBuilder().setAllowed(true).build();

  private final RateGate gate;
  private final TierBook tiers;
  private final int gateways;

  /**
   * @param gateways most that run at once
   */
  public RateForwarder(RateGate gate, TierBook tiers, int gateways) {
    this.gate = gate;
    this.tiers = tiers;
    this.gateways = gateways;
  }

  public CompletionStage<AcquireRateResponse> acquire(Call call, AcquireRateRequest request) {
    UnknownFields.refuse(request);
    RateWish wish = RateMapper.wish(request);
    return tiers
        .of(call.tenant())
        .thenCompose(
            tier ->
                tier.map(known -> bounded(call.tenant(), known, wish))
                    .orElseGet(() -> CompletableFuture.completedStage(UNBOUNDED)));
  }

  private CompletionStage<AcquireRateResponse> bounded(
      String tenant, TenantTier tier, RateWish wish) {
    List<RateBound> bounds = RateBound.of(tenant, tier, wish, gateways);
    RateBound least = bounds.stream().min(Comparator.comparingLong(RateBound::limit)).orElseThrow();
    if (wish.amount() > least.limit()) {
      throw never(least, tier, wish);
    }
    return gate.acquire(bounds, wish.amount()).thenApply(it -> RateMapper.answer(tier, it));
  }

  private static MeshException never(RateBound bound, TenantTier tier, RateWish wish) {
    String whose =
        bound.priority().isPresent()
            ? "the tenant's limit for P" + bound.priority().getAsInt() + " and below"
            : "the limit of a user";
    return new MeshException(
            GatewayReason.LIMIT_EXCEEDED,
            "amount: %d %s (expected: at most %d, %s, %s)"
                .formatted(wish.amount(), wish.resource(), bound.limit(), whose, tier.title()))
        .with("allowed", false)
        .with("resource", wish.resource().name())
        .with("requested", wish.amount())
        .with("limit", bound.limit())
        .with("class", "P" + wish.priority())
        .with("of_user", bound.priority().isEmpty())
        .with("tier", tier.tier().name());
  }
}
