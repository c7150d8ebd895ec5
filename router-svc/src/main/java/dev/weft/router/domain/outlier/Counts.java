package dev.weft.router.domain.outlier;

/** Ended attempts of a sliding window, in slices: adding and reading cost the same however many. */
final class Counts {

  private static final int SLICES = 5;
  private static final int ATTEMPTS = 0;
  private static final int FAILURES = 1;
  private static final int ANSWERS = 2;
  private static final int LOGS = 3;
  private static final int SQUARES = 4;
  private static final int FIELDS = 5;

  private final long sliceNanos;
  private final double[] slices = new double[SLICES * FIELDS];
  private final double[] sum = new double[FIELDS];
  private long newest;
  private long lastLoss;
  private boolean lost;

  Counts(long windowNanos, long now) {
    this.sliceNanos = windowNanos / SLICES;
    this.newest = Math.floorDiv(now, sliceNanos);
  }

  void add(boolean failure, double millis, long now) {
    roll(now);
    put(ATTEMPTS, 1);
    if (failure) {
      put(FAILURES, 1);
    } else if (millis > 0) {
      double log = Math.log(Math.max(1, millis));
      put(ANSWERS, 1);
      put(LOGS, log);
      put(SQUARES, log * log);
    }
  }

  /** Takes out what another has counted of the same. */
  void remove(Counts other, long now) {
    roll(now);
    other.roll(now);
    for (int i = 0; i < slices.length; i++) {
      slices[i] -= other.slices[i];
      sum[i % FIELDS] -= other.slices[i];
    }
  }

  boolean lostAgain(long now) {
    return lost && lastLoss == now;
  }

  void lost(long now) {
    lost = true;
    lastLoss = now;
  }

  private void put(int field, double amount) {
    slices[Math.floorMod(newest, SLICES) * FIELDS + field] += amount;
    sum[field] += amount;
  }

  private void roll(long now) {
    long target = Math.floorDiv(now, sliceNanos);
    for (int steps = 0; newest < target && steps < SLICES; steps++) {
      newest++;
      int at = Math.floorMod(newest, SLICES) * FIELDS;
      for (int field = 0; field < FIELDS; field++) {
        sum[field] -= slices[at + field];
        slices[at + field] = 0;
      }
    }
    newest = Math.max(newest, target);
  }

  boolean empty(long now) {
    roll(now);
    return sum[ATTEMPTS] < 0.5;
  }

  Stats stats(long now) {
    roll(now);
    return new Stats(sum[ATTEMPTS], sum[FAILURES], sum[ANSWERS], sum[LOGS], sum[SQUARES]);
  }

  /** What a window holds, or what of it others have. */
  record Stats(double attempts, double failures, double answers, double logs, double squares) {

    static final Stats NONE = new Stats(0, 0, 0, 0, 0);

    Stats without(Stats own) {
      return new Stats(
          attempts - own.attempts,
          failures - own.failures,
          answers - own.answers,
          logs - own.logs,
          squares - own.squares);
    }

    double failureShare() {
      return attempts < 0.5 ? 0 : failures / attempts;
    }

    double meanLog() {
      return answers < 0.5 ? 0 : logs / answers;
    }

    double varianceOfLog() {
      double mean = meanLog();
      return answers < 0.5 ? 0 : Math.max(0, squares / answers - mean * mean);
    }
  }
}
