package dev.weft.gateway.app;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Wall time corrected by what a server said of its own, so that ids minted here are not refused
 * there.
 */
public final class ServerClock implements InstantSource {

  private final InstantSource local;
  private volatile Duration offset = Duration.ZERO;

  public ServerClock(InstantSource local) {
    this.local = local;
  }

  @Override
  public Instant instant() {
    return local.instant().plus(offset);
  }

  /** Takes over the server's time. */
  public void follow(Instant serverTime) {
    offset = Duration.between(local.instant(), serverTime);
  }
}
