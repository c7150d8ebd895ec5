package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.ChangeLog;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who could take a shape's tasks, and why the others can't; true of one version of the fleet. */
public final class Eligibility {

  private final Requirements need;
  private final long fleetVersion;
  private final long fleetRevision;
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<Rejection> rejections;
  private final @Nullable Candidate[] byOrdinal;
  private final List<Preference> indexedBy = new ArrayList<>(1);
  private final List<PlacementIndex> indexes = new ArrayList<>(1);

  /**
   * @param fleetVersion changes whenever any answer of the filter or of a fixed term may
   * @param fleetRevision the registry's, for the record
   */
  public Eligibility(
      Requirements need,
      Collection<WorkerSlot> slots,
      HardFilter filter,
      ScorePolicy score,
      long fleetVersion,
      long fleetRevision) {
    this.need = need;
    this.fleetVersion = fleetVersion;
    this.fleetRevision = fleetRevision;
    int most = slots.stream().mapToInt(WorkerSlot::ordinal).max().orElse(-1);
    this.byOrdinal = new Candidate[most + 1];
    Map<RejectReason, Rejection> refused = new EnumMap<>(RejectReason.class);
    for (WorkerSlot slot : slots) {
      Optional<Refusal> refusal = filter.refuse(need, slot);
      if (refusal.isPresent()) {
        count(refused, refusal.get(), slot.id());
      } else {
        Candidate candidate = new Candidate(slot, need, score);
        candidates.add(candidate);
        byOrdinal[slot.ordinal()] = candidate;
      }
    }
    candidates.sort(Comparator.comparing(candidate -> candidate.slot.id()));
    for (int i = 0; i < candidates.size(); i++) {
      candidates.get(i).position = i;
    }
    this.rejections = List.copyOf(refused.values());
  }

  private static void count(
      Map<RejectReason, Rejection> refused, Refusal refusal, WorkerId worker) {
    refused.merge(
        refusal.reason(),
        new Rejection(refusal.reason(), 1, worker, refusal.detail()),
        (first, again) ->
            new Rejection(first.reason(), first.count() + 1, first.example(), first.detail()));
  }

  Requirements need() {
    return need;
  }

  public long fleetVersion() {
    return fleetVersion;
  }

  long fleetRevision() {
    return fleetRevision;
  }

  /** In the order of their ids. */
  List<Candidate> candidates() {
    return candidates;
  }

  public int size() {
    return candidates.size();
  }

  public List<Rejection> rejections() {
    return rejections;
  }

  /** Why work waits, one bit for each reason of {@link #rejections}; the highest: for its turn. */
  public long reasons() {
    long bits = candidates.isEmpty() ? 0 : 1L << 63;
    for (Rejection rejection : rejections) {
      bits |= 1L << rejection.reason().code();
    }
    return bits;
  }

  /**
   * What finds the best by that preference; made when first asked for, and kept as long as this.
   */
  PlacementIndex index(Preference by, ChangeLog changes) {
    for (int i = 0; i < indexedBy.size(); i++) {
      if (indexedBy.get(i).equals(by)) {
        return indexes.get(i);
      }
    }
    PlacementIndex made = by.index(this, need, changes);
    indexedBy.add(by);
    indexes.add(made);
    return made;
  }

  @Nullable Candidate candidate(WorkerId worker) {
    int low = 0;
    int high = candidates.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = candidates.get(middle).slot.id().compareTo(worker);
      if (order == 0) {
        return candidates.get(middle);
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return null;
  }

  @Nullable Candidate candidate(WorkerSlot slot) {
    return slot.ordinal() < byOrdinal.length ? byOrdinal[slot.ordinal()] : null;
  }

  /** Whether this worker passed the filter. */
  public boolean includes(WorkerSlot slot) {
    return candidate(slot) != null;
  }
}
