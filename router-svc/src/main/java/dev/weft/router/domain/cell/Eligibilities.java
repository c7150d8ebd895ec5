package dev.weft.router.domain.cell;

import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.placement.Eligibility;
import dev.weft.router.domain.placement.HardFilter;
import dev.weft.router.domain.placement.Ranking;
import dev.weft.router.domain.placement.Scores;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Who could take the tasks of each shape, with what finds the best of them: made when a shape is
 * asked for, made anew when the fleet or a policy has changed, and given up for the shapes that
 * were asked for longest ago when all of them would take too much memory.
 */
final class Eligibilities {

  /** Workers times shapes; each takes about 100 bytes, and 9 more for each algorithm in use. */
  static final long MOST = 1_000_000;

  /** What a shape takes beside its workers, in workers. */
  private static final int OWN = 64;

  /** The same of one with an index, which may be that by keys and then takes 147 KB. */
  private static final int INDEXED = 1_500;

  private final Fleet fleet;
  private final Function<Shape, HardFilter> filter;
  private final Function<Shape, HardFilter> narrower;
  private final long most;
  private Scores scores;

  /** Each shape's part of the memory, the one that was asked for longest ago first. */
  private final Map<Shape, Long> held = new LinkedHashMap<>(16, 0.75f, true);

  private long sum;

  /**
   * @param filter what a shape's workers must pass
   * @param narrower a shape's own filter; it does not count where it would leave nobody
   */
  Eligibilities(
      Fleet fleet,
      Function<Shape, HardFilter> filter,
      Function<Shape, HardFilter> narrower,
      Scores scores,
      long most) {
    this.fleet = fleet;
    this.filter = filter;
    this.narrower = narrower;
    this.scores = scores;
    this.most = most;
  }

  /** Holds for what is made from now on; whoever calls it tells the fleet that it has changed. */
  void weighBy(Scores newer) {
    scores = newer;
  }

  /** By the first score; who is eligible is the same by each. */
  Eligibility of(Shape shape) {
    Eligibility known = shape.eligibility;
    if (known != null && known.fleetVersion() == fleet.version() && held.get(shape) != null) {
      return known;
    }
    Eligibility made = make(shape, 0);
    shape.eligibility = made;
    shape.otherwiseWeighed = new Eligibility[scores.count() - 1];
    shape.eligible = made.size();
    hold(shape, weight(made));
    return made;
  }

  /** By the score of that number. */
  Eligibility of(Shape shape, int score) {
    Eligibility first = of(shape);
    if (score == 0) {
      return first;
    }
    Eligibility known = shape.otherwiseWeighed[score - 1];
    if (known == null) {
      known = make(shape, score);
      shape.otherwiseWeighed[score - 1] = known;
      hold(shape, held.getOrDefault(shape, 0L) + weight(known));
    }
    return known;
  }

  private Eligibility make(Shape shape, int score) {
    HardFilter own = narrower.apply(shape);
    Eligibility made = make(shape, score, own);
    HardFilter base = filter.apply(shape);
    boolean nobodyLeft = made.size() == 0 && !own.equals(base);
    return nobodyLeft ? make(shape, score, base) : made;
  }

  private Eligibility make(Shape shape, int score, HardFilter by) {
    return new Eligibility(
        shape.need, fleet.slots(), by, scores.get(score), fleet.version(), fleet.revision());
  }

  private long weight(Eligibility made) {
    int own = made.size() > Ranking.FEW ? INDEXED : OWN;
    return (long) fleet.slots().size() + own;
  }

  private void hold(Shape shape, long weight) {
    Long before = held.put(shape, weight);
    sum += weight - (before == null ? 0 : before);
    Iterator<Map.Entry<Shape, Long>> oldest = held.entrySet().iterator();
    while (sum > most && held.size() > 1) {
      Map.Entry<Shape, Long> given = oldest.next();
      sum -= given.getValue();
      given.getKey().giveUp();
      oldest.remove();
    }
  }

  /** Whether one of these could take a task of the shape now. */
  boolean anyRoom(Shape shape, List<WorkerSlot> among) {
    Eligibility known = shape.eligibility;
    for (WorkerSlot slot : among) {
      if (slot.hasRoom(shape.need.executor(), shape.need.resources())
          && (known == null
              ? filter.apply(shape).refuse(shape.need, slot).isEmpty()
              : known.includes(slot))) {
        return true;
      }
    }
    return false;
  }
}
