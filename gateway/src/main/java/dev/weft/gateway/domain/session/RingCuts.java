package dev.weft.gateway.domain.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Whose frames go when all rings together take too much: those of the tenant that takes most, of
 * its agents first the one that nobody has used for longest, then half of the largest. So nobody's
 * frames go for another tenant that takes more.
 */
public final class RingCuts {

  private RingCuts() {}

  /**
   * One ring.
   *
   * @param idle nobody is there
   * @param activeAt when something happened last
   */
  public record Ring<R>(R ring, String tenant, boolean idle, long activeAt, long bytes) {}

  /**
   * A ring that is to be cut.
   *
   * @param most bytes that it keeps
   */
  public record Cut<R>(R ring, long most) {}

  /** Cuts, in their order, that free at least so many bytes, or all there are. */
  public static <R> List<Cut<R>> of(List<Ring<R>> rings, long excess) {
    Map<String, Share<R>> shares = new HashMap<>();
    rings.stream()
        .filter(ring -> ring.bytes() > 0)
        .sorted(Comparator.comparingLong(Ring::activeAt))
        .forEach(ring -> shares.computeIfAbsent(ring.tenant(), _ -> new Share<>()).add(ring));
    PriorityQueue<Share<R>> largest =
        new PriorityQueue<>(Comparator.comparingLong((Share<R> share) -> share.bytes).reversed());
    largest.addAll(shares.values());
    List<Cut<R>> cuts = new ArrayList<>();
    long freed = 0;
    while (freed < excess && !largest.isEmpty()) {
      Share<R> share = largest.remove();
      long before = share.bytes;
      cuts.add(share.cut());
      freed += before - share.bytes;
      if (share.bytes > 0) {
        largest.add(share);
      }
    }
    return List.copyOf(cuts);
  }

  /** What one tenant has. */
  private static final class Share<R> {

    private final Deque<Ring<R>> idle = new ArrayDeque<>();
    private final PriorityQueue<Ring<R>> live =
        new PriorityQueue<>(Comparator.comparingLong((Ring<R> ring) -> ring.bytes()).reversed());
    private long bytes;

    void add(Ring<R> ring) {
      if (ring.idle()) {
        idle.addLast(ring);
      } else {
        live.add(ring);
      }
      bytes += ring.bytes();
    }

    Cut<R> cut() {
      if (!idle.isEmpty()) {
        Ring<R> longest = idle.removeFirst();
        bytes -= longest.bytes();
        return new Cut<>(longest.ring(), 0);
      }
      Ring<R> ring = live.remove();
      long most = ring.bytes() / 2;
      bytes -= ring.bytes() - most;
      if (most > 0) {
        live.add(new Ring<>(ring.ring(), ring.tenant(), false, ring.activeAt(), most));
      }
      return new Cut<>(ring.ring(), most);
    }
  }
}
