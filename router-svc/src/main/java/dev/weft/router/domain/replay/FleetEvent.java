package dev.weft.router.domain.replay;

import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * From then on a worker is there like this.
 *
 * @param profile null when it is gone
 */
public record FleetEvent(
    Instant at, WorkerId worker, Presence presence, @Nullable FleetWorker profile) {

  /** Whether a worker takes work. The codes are stored: never change one. */
  public enum Presence {
    /** Connected. */
    THERE(1),
    /** Connected, ends what it has, takes nothing more. */
    DRAINING(2),
    /** Its work stream is closed. */
    GONE(3);

    private final int code;

    Presence(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    public static Presence of(int code) {
      for (Presence presence : values()) {
        if (presence.code == code) {
          return presence;
        }
      }
      throw new IllegalArgumentException("presence: " + code + " (expected: 1..3)");
    }
  }

  public FleetEvent {
    if ((profile == null) != (presence == Presence.GONE)) {
      throw new IllegalArgumentException(
          "profile of a worker that is " + presence + ": " + profile + " (expected: unless gone)");
    }
  }

  public static FleetEvent there(Instant at, FleetWorker profile) {
    return new FleetEvent(at, profile.id(), Presence.THERE, profile);
  }

  public static FleetEvent gone(Instant at, WorkerId worker) {
    return new FleetEvent(at, worker, Presence.GONE, null);
  }
}
