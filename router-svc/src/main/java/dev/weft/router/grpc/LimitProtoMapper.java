package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.ChangeLimitsRequest;
import dev.weft.proto.limits.v1.Amounts;
import dev.weft.proto.limits.v1.ClassLimit;
import dev.weft.proto.limits.v1.TenantLimits;
import dev.weft.proto.limits.v1.UserLevel;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.router.domain.limit.Level;
import dev.weft.router.domain.limit.TenantLevels;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.limit.Tier;

/** Limits in the contract's words. */
final class LimitProtoMapper {

  private LimitProtoMapper() {}

  static TenantTier tier(String tenant, ChangeLimitsRequest request) {
    int instances = request.getInstances();
    if (instances < 1 || instances > TenantTier.MOST_INSTANCES) {
      throw MeshException.invalidField("instances", instances, "1.." + TenantTier.MOST_INSTANCES);
    }
    return new TenantTier(tenant, tier(request), instances);
  }

  private static Tier tier(ChangeLimitsRequest request) {
    return switch (request.getTier()) {
      case TIER_FREE -> Tier.FREE;
      case TIER_BASIC -> Tier.BASIC;
      case TIER_PREMIUM -> Tier.PREMIUM;
      case TIER_ENTERPRISE -> Tier.ENTERPRISE;
      case TIER_UNSPECIFIED, UNRECOGNIZED ->
          throw MeshException.invalidField(
              "tier", request.getTierValue(), "TIER_FREE..TIER_ENTERPRISE");
    };
  }

  static TenantLimits limits(TenantLevels levels) {
    TenantTier tier = levels.tier();
    TenantLimits.Builder limits =
        TenantLimits.newBuilder()
            .setTenantId(tier.tenant())
            .setTier(tier(tier.tier()))
            .setInstances(tier.instances());
    for (TenantLevels.OfClass level : levels.levels()) {
      limits.addClasses(
          ClassLimit.newBuilder()
              .setPriorityClassValue(
                  PriorityClass.PRIORITY_CLASS_P0_VALUE + level.priority().code())
              .setLimit(amounts(level.limit()))
              .setUsed(amounts(level.used())));
    }
    limits.setUserLimit(amounts(tier.userLimit()));
    for (TenantLevels.OfUser user : levels.users()) {
      limits.addUsers(
          UserLevel.newBuilder()
              .setUser(user.user())
              .setUsed(amounts(user.used()))
              .setWaitingTasks(user.waiting()));
    }
    return limits.build();
  }

  private static dev.weft.proto.limits.v1.Tier tier(Tier tier) {
    return switch (tier) {
      case FREE -> dev.weft.proto.limits.v1.Tier.TIER_FREE;
      case BASIC -> dev.weft.proto.limits.v1.Tier.TIER_BASIC;
      case PREMIUM -> dev.weft.proto.limits.v1.Tier.TIER_PREMIUM;
      case ENTERPRISE -> dev.weft.proto.limits.v1.Tier.TIER_ENTERPRISE;
    };
  }

  private static Amounts amounts(Level level) {
    return Amounts.newBuilder()
        .setCpuMilli(level.cpuMilli())
        .setMemoryBytes(level.memoryBytes())
        .setDiskBytes(level.diskBytes())
        .setSlots(level.slots())
        .build();
  }
}
