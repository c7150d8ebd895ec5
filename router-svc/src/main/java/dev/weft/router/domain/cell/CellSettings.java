package dev.weft.router.domain.cell;

import dev.weft.router.domain.outlier.OutlierPolicy;
import java.time.Duration;

/** The numbers by which a cell lives. */
public record CellSettings(Leases leases, Bounds bounds, Rhythm rhythm, OutlierPolicy outliers) {

  public static final CellSettings STANDARD =
      new CellSettings(Leases.STANDARD, Bounds.STANDARD, Rhythm.STANDARD, OutlierPolicy.STANDARD);

  /** With the standard policy on outliers. */
  public CellSettings(Leases leases, Bounds bounds, Rhythm rhythm) {
    this(leases, bounds, rhythm, OutlierPolicy.STANDARD);
  }

  /**
   * When work counts as lost.
   *
   * @param ttl a lease that is not renewed for so long ends
   * @param reconnectGrace how long a worker whose stream closed may come back
   * @param takeoverGrace how long a new placer waits for the workers it has not seen
   * @param stallGap a longer pause between two ticks voids all verdicts
   * @param rejectHold how long a worker that rejected work gets none
   * @param poisonLosses a task lost so often while it ran fails for good
   * @param mostAttempts a task that was tried so often, for whatever reason, fails for good
   */
  public record Leases(
      Duration ttl,
      Duration reconnectGrace,
      Duration takeoverGrace,
      Duration stallGap,
      Duration rejectHold,
      int poisonLosses,
      int mostAttempts) {

    public static final Leases STANDARD =
        new Leases(
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            3,
            100);
  }

  /**
   * What is too much.
   *
   * @param waiting tasks that wait; beyond it admission sheds
   * @param shapesPerTenant different requirements that wait or run at once
   * @param batchRows rows after which a commit takes no more
   * @param specBytes specs of waiting tasks that are kept in memory
   */
  public record Bounds(int waiting, int shapesPerTenant, int batchRows, long specBytes) {

    public static final Bounds STANDARD = new Bounds(2_000_000, 200, 512, 16L << 20);
  }

  /**
   * What happens every now and then.
   *
   * @param buckets how often the set of open buckets is stored
   * @param running how long a task runs before RUNNING rides along with some commit
   * @param keys how long a key stays known without the journal
   */
  public record Rhythm(Duration buckets, Duration running, Duration keys) {

    public static final Rhythm STANDARD =
        new Rhythm(Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofSeconds(60));
  }
}
