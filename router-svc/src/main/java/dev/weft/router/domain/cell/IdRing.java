package dev.weft.router.domain.cell;

/**
 * Ids in the order in which they came, as many as there is room for: the oldest go first. Each has
 * a slot, under which others may keep more about it. It is made of numbers alone: what lives for
 * minutes and changes with every task would else be followed by each collection of the young. Grows
 * as it fills. Not safe for threads.
 */
final class IdRing {

  /** No slot. */
  static final int NONE = -1;

  /** Slots that are made together; others who keep arrays by slot may do so too. */
  static final int PAGE = 1 << 10;

  private final int most;
  private final long[][] ids;
  private final int[][] olders;

  /** By hash the slot of the newest, plus 1. */
  private int[] heads = new int[PAGE];

  private int oldest;
  private int size;

  /**
   * @param most ids that there is room for, at least 1
   */
  IdRing(int most) {
    this.most = most;
    this.ids = new long[pages(most)][];
    this.olders = new int[pages(most)][];
  }

  /** Pages that so many slots take. */
  static int pages(int slots) {
    return Math.ceilDiv(slots, PAGE);
  }

  int size() {
    return size;
  }

  /** Takes an id in, in the place of the oldest when there is no room; answers its slot. */
  int add(long high, long low) {
    if (size == most) {
      removeOldest();
    }
    if (size == heads.length) {
      widen();
    }
    int slot = slot(size++);
    if (ids[slot / PAGE] == null) {
      ids[slot / PAGE] = new long[2 * PAGE];
      olders[slot / PAGE] = new int[PAGE];
    }
    ids[slot / PAGE][2 * (slot % PAGE)] = high;
    ids[slot / PAGE][2 * (slot % PAGE) + 1] = low;
    link(slot);
    return slot;
  }

  /** The slot of the newest with this id. */
  int find(long high, long low) {
    return from(heads[hash(high, low) & (heads.length - 1)] - 1, high, low);
  }

  /** The slot of the next older one with the id of this slot. */
  int older(int slot) {
    return from(olders[slot / PAGE][slot % PAGE] - 1, high(slot), low(slot));
  }

  /** The slot of the oldest of all. */
  int oldest() {
    return size == 0 ? NONE : oldest;
  }

  /** There must be one. */
  void removeOldest() {
    int bucket = bucket(oldest);
    // The oldest of all is the last of its bucket.
    int newer = NONE;
    for (int at = heads[bucket] - 1; at != oldest; at = olders[at / PAGE][at % PAGE] - 1) {
      newer = at;
    }
    if (newer == NONE) {
      heads[bucket] = 0;
    } else {
      olders[newer / PAGE][newer % PAGE] = 0;
    }
    oldest = slot(1);
    size--;
  }

  private int from(int first, long high, long low) {
    int at = first;
    while (at != NONE && (high(at) != high || low(at) != low)) {
      at = olders[at / PAGE][at % PAGE] - 1;
    }
    return at;
  }

  private void widen() {
    heads = new int[Math.multiplyExact(heads.length, 2)];
    for (int i = 0; i < size; i++) {
      link(slot(i));
    }
  }

  private void link(int slot) {
    int bucket = bucket(slot);
    olders[slot / PAGE][slot % PAGE] = heads[bucket];
    heads[bucket] = slot + 1;
  }

  /** The i-th in their order. */
  private int slot(int i) {
    return (int) ((oldest + (long) i) % most);
  }

  private int bucket(int slot) {
    return hash(high(slot), low(slot)) & (heads.length - 1);
  }

  private long high(int slot) {
    return ids[slot / PAGE][2 * (slot % PAGE)];
  }

  private long low(int slot) {
    return ids[slot / PAGE][2 * (slot % PAGE) + 1];
  }

  private static int hash(long high, long low) {
    long mixed = (high ^ (low * 0x9e3779b97f4a7c15L)) * 0xbf58476d1ce4e5b9L;
    return (int) (mixed ^ (mixed >>> 32));
  }
}
