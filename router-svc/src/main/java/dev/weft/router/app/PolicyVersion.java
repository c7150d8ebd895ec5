package dev.weft.router.app;

import dev.weft.router.domain.placement.PlacementPolicy;
import java.time.Instant;

/** A stored policy, and who set it when. */
public record PolicyVersion(PlacementPolicy policy, PolicyNote note, Instant created) {

  /** For what is configured and was never set. */
  public static PolicyVersion unset(PlacementPolicy configured) {
    return new PolicyVersion(configured, PolicyNote.NONE, Instant.EPOCH);
  }
}
