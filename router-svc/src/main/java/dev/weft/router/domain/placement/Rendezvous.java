package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.ChangeLog;
import dev.weft.router.domain.task.Hash64;
import dev.weft.router.domain.task.WorkerId;

/**
 * Each key orders the workers by a hash of both, and the first with room gets the task (Thaler and
 * Ravishankar 1998). So a worker that joins takes about its share of the keys from all others
 * alike, one that leaves gives up its own alone, and there is no ring to keep.
 */
record Rendezvous(Algorithm algorithm) implements Preference {

  @Override
  public double rank(Candidate candidate, Requirements need, double load, int key) {
    return weight(key, candidate.ring);
  }

  @Override
  public PlacementIndex index(Eligibility among, Requirements need, ChangeLog log) {
    return new Favourites(among, need, log);
  }

  /** A worker's part of the hash. */
  static long ring(WorkerId worker) {
    return Hash64.mix(
        worker.uuid().getMostSignificantBits()
            ^ Hash64.mix(worker.uuid().getLeastSignificantBits()));
  }

  static double weight(int key, long ring) {
    return (Hash64.mix(ring ^ Hash64.mix(key)) >>> 11) * 0x1p-53;
  }
}
