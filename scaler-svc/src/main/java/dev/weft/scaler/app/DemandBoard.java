package dev.weft.scaler.app;

import dev.weft.scaler.domain.demand.Demand;
import java.util.concurrent.atomic.AtomicReference;

/** The newest word of the placer. */
public final class DemandBoard {

  private final AtomicReference<Demand> newest = new AtomicReference<>(Demand.NONE);

  /** Takes a message, unless it is an older placer's. */
  public void take(Demand demand) {
    newest.updateAndGet(known -> demand.epoch() < known.epoch() ? known : demand);
  }

  public Demand newest() {
    return newest.get();
  }
}
