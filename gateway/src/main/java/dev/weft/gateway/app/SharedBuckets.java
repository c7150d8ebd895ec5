package dev.weft.gateway.app;

import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.domain.SubmitRate;
import java.util.concurrent.CompletionStage;

/**
 * One bucket of tokens a tenant for all gateways, which refills at the tenant's rate.
 *
 * <p>A bucket whose keeper may have forgotten what was taken is empty and closed for {@link
 * Grant#CLOSED}. One that the keeper does not know is as if it had been asked for when the keeper
 * began to forget nothing: then it was empty and closed. One that a gateway could not ask for a
 * while pays for what that gateway's own part let through, and refills only for the time since that
 * ended. It closes too, unless that ended so long ago that no other's part that began with it can
 * count any more.
 */
public interface SharedBuckets {

  /**
   * Takes tokens, as many of the wanted ones as there are.
   *
   * @param own what the gateway's own part has counted since it was last given some
   * @return fails if there is no answer
   */
  CompletionStage<Grant> take(String tenant, SubmitRate rate, long wanted, OwnPart own);
}
