package dev.weft.router.domain.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.outlier.Suspicion.Cause;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One suspect and others, as one tenant sees them; time passes by hand. */
abstract class OutlierRig {

  static final WorkerId SUSPECT = Workers.id(1);
  static final int SHAPE = 7;
  final Outliers outliers = new Outliers(OutlierPolicy.STANDARD);
  long fence;
  long leasedAt;
  long now = -Duration.ofHours(1).toNanos();

  Suspicion until(Evidence evidence, long millis, int expected) {
    for (int i = 1; i < expected; i++) {
      assertThat(end(SUSPECT, evidence, millis)).as("after " + i).isEmpty();
    }
    return end(SUSPECT, evidence, millis).orElseThrow();
  }

  static Suspicion fault() {
    return new Suspicion(SUSPECT, Scope.all("shell"), Cause.OWN_FAULTS, "5 of 5");
  }

  void others(Evidence evidence, int count, long millis) {
    for (int i = 0; i < count; i++) {
      outliers.ended(ended(Workers.id(2 + i % 3), false, evidence, millis));
    }
  }

  List<Ejection> look() {
    return outliers.look(now, worker -> true);
  }

  /** An attempt begins at the suspect. */
  long lease() {
    pass(Duration.ofMillis(1));
    leasedAt = now;
    outliers.leased(SUSPECT, "shell", SHAPE, ++fence);
    return fence;
  }

  Optional<Suspicion> end(long of, Evidence evidence) {
    return endAfter(of, evidence, 50);
  }

  Optional<Suspicion> endAfter(long of, Evidence evidence, long millis) {
    pass(Duration.ofMillis(millis));
    return Optional.ofNullable(
        outliers.ended(new Ended(SUSPECT, of, "shell", SHAPE, false, evidence, leasedAt, now)));
  }

  Optional<Suspicion> end(WorkerId worker, Evidence evidence, long millis) {
    return Optional.ofNullable(outliers.ended(ended(worker, false, evidence, millis)));
  }

  Ended ended(WorkerId worker, boolean keyed, Evidence evidence, long millis) {
    pass(Duration.ofMillis(1));
    long leased = now - Duration.ofMillis(millis).toNanos();
    return new Ended(worker, ++fence, "shell", SHAPE, keyed, evidence, leased, now);
  }

  void pass(Duration time) {
    now += time.toNanos();
  }
}
