package dev.weft.registry.domain.fleet;

import dev.weft.registry.domain.check.Check;
import dev.weft.registry.domain.profile.WorkerProfile;

/** A worker introduces itself. */
public record Hello(WorkerId id, long incarnation, WorkerProfile profile) {

  public Hello {
    Check.within("incarnation", incarnation, 1, Long.MAX_VALUE);
  }
}
