package dev.weft.gateway.app;

import dev.weft.gateway.domain.SubmitRate;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds each tenant to its rate of submissions, over all gateways together.
 *
 * <p>INVARIANT: what all gateways accept of a tenant in any time t is at most rate · t + burst,
 * also when the shared buckets are lost, restarted, emptied or paused, as long as that happens to
 * all gateways alike. While one alone is cut off from them, it adds its own part of the rate.
 */
public final class SubmitGate {

  private static final int MANY_TENANTS = 10_000;

  private final SharedBuckets buckets;
  private final SubmitRate rate;
  private final GateTools tools;
  private final BucketReach reach = new BucketReach();
  private final ConcurrentHashMap<String, TenantGate> tenants = new ConcurrentHashMap<>();

  public SubmitGate(SharedBuckets buckets, SubmitRate rate, GateTools tools) {
    this.buckets = buckets;
    this.rate = rate;
    this.tools = tools;
  }

  /** Says, soon and without failing, how many of so many tasks may be submitted. */
  public CompletionStage<Admission> admit(String tenant, int tasks) {
    TenantGate gate = tenants.get(tenant);
    if (gate == null) {
      forgetIdle();
      gate =
          tenants.computeIfAbsent(
              tenant, name -> new TenantGate(name, rate, buckets, tools, reach));
    }
    return gate.admit(tasks);
  }

  /** Whether this gateway goes by its own part of the rate, since the shared buckets are away. */
  public boolean local() {
    return reach.cutOff(tools.ticker().nanos());
  }

  private void forgetIdle() {
    if (tenants.size() >= MANY_TENANTS) {
      long now = tools.ticker().nanos();
      tenants.values().removeIf(gate -> gate.idle(now));
    }
  }
}
