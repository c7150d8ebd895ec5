package dev.weft.registry.domain.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Measures the round trip to a worker: an ack carries the server's time, the worker gives it back
 * with how long it kept it. The wall clock's time serves as a name for the ack only; what is
 * measured is this process's own monotonic time.
 */
public final class EchoMeter {

  private static final int REMEMBERED = 8;
  private static final double WEIGHT_OF_NEWEST = 0.2;
  private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

  private final long[] names = new long[REMEMBERED];
  private final long[] sentNanos = new long[REMEMBERED];
  private int acks;
  private double smoothedNanos = -1;

  /** An ack with this server time leaves now. */
  public void acked(Instant serverTime, long nanos) {
    int slot = acks % REMEMBERED;
    names[slot] = name(serverTime);
    sentNanos[slot] = nanos;
    acks++;
  }

  /**
   * A beat brought an echo back. One of an ack that is too long ago, or that is not possible, says
   * nothing.
   */
  public void echoed(Instant serverTime, Duration held, long nanos) {
    long name = name(serverTime);
    for (int back = 1; back <= Math.min(acks, REMEMBERED); back++) {
      int slot = (acks - back) % REMEMBERED;
      if (names[slot] == name) {
        measured(nanos - sentNanos[slot] - held.toNanos());
        return;
      }
    }
  }

  private void measured(long roundTripNanos) {
    if (roundTripNanos < 0 || roundTripNanos > LONGEST_NANOS) {
      return;
    }
    smoothedNanos =
        smoothedNanos < 0
            ? roundTripNanos
            : smoothedNanos + WEIGHT_OF_NEWEST * (roundTripNanos - smoothedNanos);
  }

  /** The smoothed round trip; empty until the first echo. */
  public Optional<Duration> latency() {
    return smoothedNanos < 0
        ? Optional.empty()
        : Optional.of(Duration.ofNanos((long) smoothedNanos));
  }

  private static long name(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }
}
