package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;

/**
 * What the connection can do.
 *
 * @param bandwidthMbps 0 where it is not known
 */
public record NetworkCapability(long bandwidthMbps, boolean proxySupport, boolean captchaSolving) {

  public NetworkCapability {
    Check.within("bandwidth_mbps", bandwidthMbps, 0, 1_000_000_000);
  }
}
