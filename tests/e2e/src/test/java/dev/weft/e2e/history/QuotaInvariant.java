package dev.weft.e2e.history;

import java.util.Iterator;
import java.util.function.Consumer;

/** I8: in no window of time more is accepted than its length at the rate, and the burst. */
final class QuotaInvariant implements Invariant {

  @Override
  public void check(Run run, Consumer<String> breach) {
    Limits.Quota quota = run.limits().quota();
    if (quota == null) {
      return;
    }
    // The fullest window that ends here is the fullest that ended before, less what has flowed
    // out since: a bucket that leaks.
    double level = 0;
    double fullest = 0;
    long last = Long.MIN_VALUE;
    Iterator<Long> accepted =
        run.all(Operation.Ok.class).map(Operation.Ok::atNanos).sorted().iterator();
    while (accepted.hasNext()) {
      long now = accepted.next();
      if (last != Long.MIN_VALUE) {
        level = Math.max(0, level - quota.rate() * (now - last) / 1e9);
      }
      level++;
      fullest = Math.max(fullest, level);
      last = now;
    }
    if (fullest > quota.burst() + 1) {
      breach.accept(
          "I8: %.1f more than the rate of %.1f/s allows were accepted (expected: a burst of %.1f)"
              .formatted(fullest, quota.rate(), quota.burst()));
    }
  }
}
