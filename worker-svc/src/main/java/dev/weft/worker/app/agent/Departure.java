package dev.weft.worker.app.agent;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.SessionEvent.Notice;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * That a body has to leave its worker, and how long its commands may go on: half of the grace. A
 * quarter is for the saving, however often it takes, the rest for the last of it and the result.
 * The nearest deadline counts. Safe for threads.
 */
final class Departure {

  /** In the notice: until when, RFC 3339. */
  static final String UNTIL = "until";

  private final Ticker ticker;
  private final InstantSource clock;
  private boolean begun;
  private long goUntil;
  private long saveUntil;
  private @Nullable Instant movesAt;
  private @Nullable Notice untold;

  Departure(Ticker ticker, InstantSource clock) {
    this.ticker = ticker;
    this.clock = clock;
  }

  synchronized void begin(Duration grace) {
    long now = ticker.nanos();
    long until = now + grace.toNanos() / 2;
    if (begun && until - goUntil >= 0) {
      return;
    }
    begun = true;
    goUntil = until;
    saveUntil = now + grace.toNanos() / 4 * 3;
    Instant at = clock.instant().plus(grace.dividedBy(2)).truncatedTo(ChronoUnit.MILLIS);
    movesAt = at;
    untold =
        new Notice(
            new Failure(
                FailureReason.BODY_MOVES,
                "the worker stops: what runs may end until %s, then the agent goes on elsewhere"
                    .formatted(at),
                Map.of(UNTIL, at.toString())));
  }

  synchronized boolean hasBegun() {
    return begun;
  }

  /** Until when commands may go on; empty before it has begun. */
  synchronized Optional<Instant> movesAt() {
    return Optional.ofNullable(movesAt);
  }

  /** Whether commands may go on. */
  synchronized boolean mayGoOn() {
    return begun && goUntil - ticker.nanos() > 0;
  }

  /** Whether the workspace may be tried to be saved again. */
  synchronized boolean maySave() {
    return !begun || saveUntil - ticker.nanos() > 0;
  }

  /** Tells the clients, once for each deadline; again later if the frames are full. */
  synchronized void tell(FrameStore frames) {
    Notice notice = untold;
    if (notice != null && frames.offer(notice)) {
      untold = null;
    }
  }
}
