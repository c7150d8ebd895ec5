package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.ChangeLog;
import dev.weft.router.domain.fleet.WorkerSlot;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one shape as one preference orders them, so that a pick among thousands looks at a
 * few. Before each pick it looks again at the workers that changed since its last one, and only at
 * those; an index that was not asked for long looks at all once. It is true of one {@link
 * Eligibility} and of one preference with its weights, and is made anew with either.
 */
abstract class PlacementIndex {

  final Requirements need;
  private final Eligibility among;
  private final List<Candidate> candidates;
  private final ChangeLog log;
  private final BitSet full;
  private int saturated;
  private long place = -1;

  PlacementIndex(Eligibility among, Requirements need, ChangeLog log) {
    this.among = among;
    this.need = need;
    this.candidates = among.candidates();
    this.log = log;
    this.full = new BitSet(candidates.size());
    for (Candidate candidate : candidates) {
      candidate.slot.watch(log);
    }
  }

  /**
   * The best with room, at most eight; none only if nobody has room.
   *
   * @param wanted so many at least where there are so many; more only where they cost little
   */
  final void find(int key, int wanted, Shortlist into) {
    catchUp();
    search(key, wanted, into);
  }

  private void catchUp() {
    if (place < 0 || !log.reaches(place) || log.since(place) > candidates.size() / 2) {
      saturated = 0;
      full.clear();
      for (Candidate candidate : candidates) {
        weigh(candidate);
      }
    } else {
      for (long left = log.since(place); left > 0; left--) {
        Candidate changed = among.candidate(log.at(place++));
        if (changed != null) {
          weigh(changed);
        }
      }
    }
    place = log.read();
  }

  private void weigh(Candidate candidate) {
    boolean roomy = candidate.slot.hasRoom(need.executor(), need.resources());
    int position = candidate.position;
    if (full.get(position) == roomy) {
      full.flip(position);
      saturated += roomy ? -1 : 1;
    }
    candidate.load = candidate.slot.credit().load(need.executor());
    changed(candidate, roomy);
  }

  /** This worker may belong elsewhere now; without room it must not be found. */
  abstract void changed(Candidate candidate, boolean roomy);

  abstract void search(int key, int wanted, Shortlist into);

  final Candidate candidate(int position) {
    return candidates.get(position);
  }

  final int size() {
    return candidates.size();
  }

  final boolean roomy(int position) {
    return !full.get(position);
  }

  /** Workers without room at the last pick. */
  final int saturated() {
    return saturated;
  }

  /** The first of them; null when there is none. */
  final @Nullable WorkerSlot saturatedExample() {
    return saturated == 0 ? null : candidate(full.nextSetBit(0)).slot;
  }
}
