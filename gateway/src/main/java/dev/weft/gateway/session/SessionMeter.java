package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.GapReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what passes the homes of this gateway. */
public final class SessionMeter {

  private final Counter frames;
  private final Map<GapReason, Counter> gaps = new EnumMap<>(GapReason.class);
  private final AtomicLong ringBytes = new AtomicLong();

  public SessionMeter(MeterRegistry meters) {
    frames = meters.counter("weft.session.frames");
    for (GapReason reason : GapReason.values()) {
      gaps.put(reason, meters.counter("weft.session.gaps", "reason", reason.name()));
    }
    meters.gauge("weft.session.ring.bytes", ringBytes);
  }

  void frame() {
    frames.increment();
  }

  void gap(GapReason reason) {
    gaps.get(reason).increment();
  }

  /** Bytes in all rings. */
  long ringBytes() {
    return ringBytes.get();
  }

  void ringGrew(long bytes) {
    ringBytes.addAndGet(bytes);
  }
}
