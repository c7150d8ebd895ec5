package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.GapReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what passes the homes of this gateway. */
public final class SessionMeter {

  private final Counter frames;
  private final Counter segments;
  private final MeterRegistry meters;
  private final AtomicLong ringBytes = new AtomicLong();

  public SessionMeter(MeterRegistry meters) {
    frames = meters.counter("weft.session.frames");
    segments = meters.counter("weft.session.segments");
    this.meters = meters;
    for (GapReason reason : GapReason.values()) {
      gaps(reason);
    }
    meters.gauge("weft.session.ring.bytes", ringBytes);
  }

  void frame() {
    frames.increment();
  }

  void sealed() {
    segments.increment();
  }

  void gap(GapReason reason) {
    gaps(reason).increment();
  }

  /** There from the start, so that the first gap is a rise and no new line. */
  private Counter gaps(GapReason reason) {
    return meters.counter("weft.session.gaps", "reason", reason.name());
  }

  /** Bytes in all rings. */
  long ringBytes() {
    return ringBytes.get();
  }

  void ringGrew(long bytes) {
    ringBytes.addAndGet(bytes);
  }
}
