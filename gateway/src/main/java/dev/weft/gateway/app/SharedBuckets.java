package dev.weft.gateway.app;

import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.SubmitRate;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * One bucket of tokens a tenant for all gateways, which refills at the tenant's rate.
 *
 * <p>A bucket that is not known, or whose keeper may have forgotten what was taken, is empty and
 * closed for {@link Grant#CLOSED}. So is one that a gateway could not ask for a while: nothing
 * refills for the time since it last gave something, and what the gateway's own part let through is
 * taken from it.
 */
public interface SharedBuckets {

  /**
   * Takes tokens, as many of the wanted ones as there are.
   *
   * @param lost for how long the gateway's own part has counted; zero if it has not
   * @return fails if there is no answer
   */
  CompletionStage<Grant> take(String tenant, SubmitRate rate, long wanted, Duration lost);
}
