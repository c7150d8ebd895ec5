package dev.weft.router.domain.replay;

import java.time.Duration;
import java.util.List;

/**
 * How far a replay under the policies and fleet of that time is from what really happened.
 *
 * @param compared tasks that were leased both times
 * @param sameWorker those of them whose last attempt was on the same worker
 * @param waiting mean of the differences, either way
 * @param latency the same, of those that did their work both times
 */
public record ReplayError(long compared, long sameWorker, Duration waiting, Duration latency) {

  /** Of outcomes of the same tasks in the same order. */
  static ReplayError of(List<Outcome> real, List<Outcome> replayed) {
    long compared = 0;
    long sameWorker = 0;
    double waiting = 0;
    long worked = 0;
    double latency = 0;
    for (int i = 0; i < real.size(); i++) {
      Outcome one = real.get(i);
      Outcome other = replayed.get(i);
      if (one.leased() && other.leased()) {
        compared++;
        waiting += Math.abs(one.waitedNanos() - other.waitedNanos());
        sameWorker += one.runs().getLast().worker().equals(other.runs().getLast().worker()) ? 1 : 0;
      }
      if (one.worked() && other.worked()) {
        worked++;
        latency += Math.abs(one.latencyNanos() - other.latencyNanos());
      }
    }
    return new ReplayError(compared, sameWorker, mean(waiting, compared), mean(latency, worked));
  }

  private static Duration mean(double sum, long count) {
    return count == 0 ? Duration.ZERO : Duration.ofNanos(Math.round(sum / count));
  }
}
