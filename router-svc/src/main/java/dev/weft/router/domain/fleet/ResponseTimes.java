package dev.weft.router.domain.fleet;

import java.util.HashMap;
import java.util.Map;

/** How long a worker's answers take, from lease to success, for each kind of work. */
public final class ResponseTimes {

  /** The part of a mean that each new answer makes up. */
  private static final double NEWEST = 1.0 / 8;

  private final Map<String, Mean> byExecutor = new HashMap<>();
  private final ChangeListener worker;

  ResponseTimes(ChangeListener worker) {
    this.worker = worker;
  }

  public void add(String executor, long millis) {
    Mean mean = byExecutor.get(executor);
    if (mean == null) {
      byExecutor.put(executor, new Mean(millis));
    } else {
      mean.millis += (millis - mean.millis) * NEWEST;
    }
    worker.changed();
  }

  /** 0 as long as nothing was answered. */
  public double millis(String executor) {
    Mean mean = byExecutor.get(executor);
    return mean == null ? 0 : mean.millis;
  }

  private static final class Mean {
    private double millis;

    private Mean(double millis) {
      this.millis = millis;
    }
  }
}
