package dev.weft.router.domain.cell;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A binary heap whose items know where they stand, so that one whose key has changed, or that must
 * go, costs log n and not a search.
 */
final class IndexedHeap<E extends IndexedHeap.Item<E>> {

  private static final int NOWHERE = -1;

  /** Stands in one heap at most. */
  abstract static class Item<E> {

    int heapPlace = NOWHERE;

    abstract boolean sortsBefore(E other);
  }

  private final List<E> items = new ArrayList<>();

  boolean isEmpty() {
    return items.isEmpty();
  }

  boolean holds(E item) {
    return item.heapPlace != NOWHERE;
  }

  @Nullable E peek() {
    return items.isEmpty() ? null : items.getFirst();
  }

  void add(E item) {
    items.add(item);
    item.heapPlace = items.size() - 1;
    up(item);
  }

  void remove(E item) {
    int gap = item.heapPlace;
    item.heapPlace = NOWHERE;
    E last = items.removeLast();
    if (gap < items.size()) {
      put(last, gap);
      moved(last);
    }
  }

  /** Its key has changed. */
  void moved(E item) {
    up(item);
    down(item);
  }

  private void up(E item) {
    int at = item.heapPlace;
    while (at > 0) {
      int above = (at - 1) >>> 1;
      E parent = items.get(above);
      if (!item.sortsBefore(parent)) {
        break;
      }
      put(parent, at);
      at = above;
    }
    put(item, at);
  }

  private void down(E item) {
    int at = item.heapPlace;
    for (int below = 2 * at + 1; below < items.size(); below = 2 * at + 1) {
      if (below + 1 < items.size() && items.get(below + 1).sortsBefore(items.get(below))) {
        below++;
      }
      E child = items.get(below);
      if (!child.sortsBefore(item)) {
        break;
      }
      put(child, at);
      at = below;
    }
    put(item, at);
  }

  private void put(E item, int at) {
    items.set(at, item);
    item.heapPlace = at;
  }
}
