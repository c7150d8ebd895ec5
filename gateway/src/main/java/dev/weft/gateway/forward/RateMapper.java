package dev.weft.gateway.forward;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.RateVerdict;
import dev.weft.gateway.domain.RateWish;
import dev.weft.gateway.domain.RatedResource;
import dev.weft.gateway.domain.TenantTier;
import dev.weft.gateway.domain.Tier;
import dev.weft.proto.limits.v1.AcquireRateRequest;
import dev.weft.proto.limits.v1.AcquireRateResponse;
import dev.weft.proto.limits.v1.ClassRate;
import dev.weft.proto.limits.v1.ResourceRate;
import dev.weft.proto.limits.v1.TenantLimits;
import dev.weft.proto.tasks.v1.PriorityClass;

/** Rates in the contract's words, and back. */
final class RateMapper {

  private static final int USUAL_PRIORITY = 2;

  private RateMapper() {}

  static RateWish wish(AcquireRateRequest request) {
    return new RateWish(
        resource(request), request.getAmount(), priority(request), request.getUser());
  }

  private static RatedResource resource(AcquireRateRequest request) {
    return switch (request.getResource()) {
      case RATED_RESOURCE_LLM_TOKENS -> RatedResource.LLM_TOKENS;
      case RATED_RESOURCE_DISK_BYTES -> RatedResource.DISK_BYTES;
      case RATED_RESOURCE_NETWORK_BYTES -> RatedResource.NETWORK_BYTES;
      case RATED_RESOURCE_UNSPECIFIED, UNRECOGNIZED ->
          throw InvalidRequest.of(
              "resource",
              request.getResourceValue(),
              "RATED_RESOURCE_LLM_TOKENS, RATED_RESOURCE_DISK_BYTES or"
                  + " RATED_RESOURCE_NETWORK_BYTES");
    };
  }

  private static int priority(AcquireRateRequest request) {
    return switch (request.getPriorityClass()) {
      case PRIORITY_CLASS_UNSPECIFIED -> USUAL_PRIORITY;
      case PRIORITY_CLASS_P0,
          PRIORITY_CLASS_P1,
          PRIORITY_CLASS_P2,
          PRIORITY_CLASS_P3,
          PRIORITY_CLASS_P4,
          PRIORITY_CLASS_P5,
          PRIORITY_CLASS_P6 ->
          request.getPriorityClassValue() - PriorityClass.PRIORITY_CLASS_P0_VALUE;
      case UNRECOGNIZED ->
          throw InvalidRequest.of(
              "priority_class",
              request.getPriorityClassValue(),
              "PRIORITY_CLASS_P0..PRIORITY_CLASS_P6");
    };
  }

  private static dev.weft.proto.limits.v1.RatedResource resource(RatedResource resource) {
    return switch (resource) {
      case LLM_TOKENS -> dev.weft.proto.limits.v1.RatedResource.RATED_RESOURCE_LLM_TOKENS;
      case DISK_BYTES -> dev.weft.proto.limits.v1.RatedResource.RATED_RESOURCE_DISK_BYTES;
      case NETWORK_BYTES -> dev.weft.proto.limits.v1.RatedResource.RATED_RESOURCE_NETWORK_BYTES;
    };
  }

  private static PriorityClass priority(int priority) {
    return PriorityClass.forNumber(PriorityClass.PRIORITY_CLASS_P0_VALUE + priority);
  }

  /** As the cell has it. */
  static TenantTier tier(TenantLimits limits) {
    Tier tier =
        switch (limits.getTier()) {
          case TIER_FREE -> Tier.FREE;
          case TIER_BASIC -> Tier.BASIC;
          case TIER_PREMIUM -> Tier.PREMIUM;
          case TIER_ENTERPRISE -> Tier.ENTERPRISE;
          case TIER_UNSPECIFIED, UNRECOGNIZED ->
              throw new IllegalStateException("tier: " + limits.getTierValue());
        };
    return new TenantTier(tier, limits.getInstances());
  }

  private static dev.weft.proto.limits.v1.Tier tier(Tier tier) {
    return switch (tier) {
      case FREE -> dev.weft.proto.limits.v1.Tier.TIER_FREE;
      case BASIC -> dev.weft.proto.limits.v1.Tier.TIER_BASIC;
      case PREMIUM -> dev.weft.proto.limits.v1.Tier.TIER_PREMIUM;
      case ENTERPRISE -> dev.weft.proto.limits.v1.Tier.TIER_ENTERPRISE;
    };
  }

  static AcquireRateResponse answer(TenantTier tier, RateVerdict verdict) {
    AcquireRateResponse.Builder answer =
        AcquireRateResponse.newBuilder()
            .setAllowed(verdict.allowed())
            .setThrottleDelayMs(verdict.delayMillis())
            .setCurrentUsage(verdict.usage())
            .setLimit(verdict.nearest().limit())
            .setRetryAfter(Math.ceilDiv(verdict.delayMillis(), 1_000L))
            .setTier(tier(tier.tier()))
            .setOfUser(verdict.nearest().priority().isEmpty());
    verdict.nearest().priority().ifPresent(it -> answer.setPriorityClass(priority(it)));
    return answer.build();
  }

  /** With what it may use over time. */
  static TenantLimits withRates(TenantLimits limits) {
    TenantTier tier = tier(limits);
    TenantLimits.Builder all = limits.toBuilder().clearRates();
    for (RatedResource resource : RatedResource.values()) {
      ResourceRate.Builder rate =
          ResourceRate.newBuilder()
              .setResource(resource(resource))
              .setWindowSeconds((int) resource.window().toSeconds())
              .setUserLimit(tier.userLimit(resource));
      for (int priority = 0; priority < TenantTier.CLASSES; priority++) {
        rate.addClasses(
            ClassRate.newBuilder()
                .setPriorityClass(priority(priority))
                .setLimit(tier.limit(resource, priority)));
      }
      all.addRates(rate);
    }
    return all.build();
  }
}
