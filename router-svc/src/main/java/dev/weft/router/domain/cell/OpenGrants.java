package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.Meter;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What open attempts hold of a tenant's money, by the moment at which it is spent. */
final class OpenGrants {

  private final NavigableSet<Grant> byEnd = new TreeSet<>(Grant.EARLIEST);

  /** Those that hold nothing yet, though they may cost something. */
  private final Set<Grant> bare = new HashSet<>();

  void add(Grant grant) {
    byEnd.add(grant);
    if (grant.bare()) {
      bare.add(grant);
    }
  }

  /** Before anything changes by which it is sorted; answers whether it was there. */
  boolean remove(Grant grant) {
    bare.remove(grant);
    return byEnd.remove(grant);
  }

  /** Whether it is not known yet what some of it needs. */
  boolean anyBare() {
    return !bare.isEmpty();
  }

  /** Whether the share of something that runs is about to run out. */
  boolean due(long nowMillis) {
    return !byEnd.isEmpty()
        && byEnd.first().untilMillis() != Meter.NEVER
        && byEnd.first().untilMillis() - Meter.LEAD.toMillis() <= nowMillis;
  }

  /** The one that is due for longest; null when none is. */
  @Nullable Grant takeDue(long nowMillis) {
    if (!due(nowMillis)) {
      return null;
    }
    Grant first = byEnd.first();
    remove(first);
    return first;
  }

  List<Grant> all() {
    return List.copyOf(byEnd);
  }
}
