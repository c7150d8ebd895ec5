package dev.weft.router.domain.outlier;

import java.time.Duration;

/** When a worker is an outlier, and for how long it is out. */
public record OutlierPolicy(Sample sample, Bars bars, Terms terms) {

  public static final OutlierPolicy STANDARD =
      new OutlierPolicy(
          new Sample(Duration.ofMinutes(5), 5, 10, 20, 40_000),
          new Bars(0.5, 0.4, 5, Duration.ofMillis(500), 4),
          new Terms(Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofMinutes(10), 3, 33));

  /**
   * How much must be known.
   *
   * @param window what is older does not count
   * @param worker attempts before its own faults put a worker out; twice as many while nobody else
   *     has such a sample
   * @param work attempts before it is compared by how work ends there
   * @param others the other workers' attempts at the same work, together
   * @param windows what is remembered of all tenants, in workers times kinds of work; each takes
   *     about 500 bytes
   */
  public record Sample(Duration window, int worker, int work, int others, int windows) {}

  /**
   * How far it must stand out.
   *
   * @param ownFaults share of attempts that failed by the worker's own fault
   * @param gap how much larger its share of failures is than the others'
   * @param slower how many times as long as the others it takes
   * @param slowest and by how much at least
   * @param sigmas how many standard errors both differences are at least
   */
  public record Bars(double ownFaults, double gap, double slower, Duration slowest, int sigmas) {}

  /**
   * What follows.
   *
   * @param first how long the first ejection lasts; each further one twice as long
   * @param most the longest
   * @param forgiven after so long without one, the next is a first again
   * @param probation ends that it has to show after its time
   * @param mostPercent of the workers of a scope that may be out; always at least one, never the
   *     last; 0 ejects nobody
   */
  public record Terms(
      Duration first, Duration most, Duration forgiven, int probation, int mostPercent) {

    long lengthNanos(int times) {
      long doubled = first.toNanos() << Math.min(times - 1, 20);
      return doubled <= 0 ? most.toNanos() : Math.min(doubled, most.toNanos());
    }
  }

  /**
   * How many of a scope's workers may be out at once.
   *
   * @param able workers that could take its work
   */
  public int mostOut(int able) {
    return terms.mostPercent() == 0 || able < 2
        ? 0
        : Math.min(able - 1, Math.max(1, able * terms.mostPercent() / 100));
  }
}
