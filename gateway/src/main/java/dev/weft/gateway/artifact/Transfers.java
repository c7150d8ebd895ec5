package dev.weft.gateway.artifact;

import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.StallWatch;
import dev.weft.gateway.forward.WatchGuard;

/**
 * Bounds on transfers of bytes: how many at once, since each holds a few megabytes at most, and how
 * long one may stand still.
 */
public final class Transfers {

  private final WatchGuard guard;
  private final StallWatch.Setting patience;

  public Transfers(WatchGuard guard, StallWatch.Setting patience) {
    this.guard = guard;
    this.patience = patience;
  }

  /**
   * Lets one more begin.
   *
   * @throws dev.weft.platform.error.MeshException TOO_MANY_TRANSFERS
   */
  public WatchGuard.Watch admit(Call call, Scope scope, WatchGuard.Reader reader) {
    return guard.admit(call, scope, reader);
  }

  public StallWatch.Setting patience() {
    return patience;
  }
}
