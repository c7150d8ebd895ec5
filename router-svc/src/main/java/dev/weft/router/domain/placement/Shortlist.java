package dev.weft.router.domain.placement;

/** The best eight of those that were looked at, best first, with their ranks and loads. */
final class Shortlist {

  static final int KEPT = 8;

  private final Candidate[] best = new Candidate[KEPT];
  private final double[] ranks = new double[KEPT];
  private final double[] loads = new double[KEPT];
  private int size;

  void clear() {
    size = 0;
  }

  /** Puts it where it belongs; of equal ones the lower worker id comes first. */
  void insert(Candidate candidate, double rank, double load) {
    int at = size;
    while (at > 0 && better(candidate, rank, at - 1)) {
      at--;
    }
    if (at == KEPT) {
      return;
    }
    int moved = Math.min(size, KEPT - 1) - at;
    System.arraycopy(best, at, best, at + 1, moved);
    System.arraycopy(ranks, at, ranks, at + 1, moved);
    System.arraycopy(loads, at, loads, at + 1, moved);
    put(at, candidate, rank, load);
    size = Math.min(size + 1, KEPT);
  }

  /** Takes one out, if it is there; the others keep their order. */
  void remove(Candidate candidate) {
    int at = 0;
    while (at < size && best[at] != candidate) {
      at++;
    }
    if (at < size) {
      size--;
      System.arraycopy(best, at + 1, best, at, size - at);
      System.arraycopy(ranks, at + 1, ranks, at, size - at);
      System.arraycopy(loads, at + 1, loads, at, size - at);
    }
  }

  /** Another rank, which must not change the order. */
  void rank(int index, double rank) {
    ranks[index] = rank;
  }

  /** Puts it after all others. */
  void append(Candidate candidate, double rank, double load) {
    put(size++, candidate, rank, load);
  }

  void replaceLast(Candidate candidate, double rank, double load) {
    put(size - 1, candidate, rank, load);
  }

  private void put(int at, Candidate candidate, double rank, double load) {
    best[at] = candidate;
    ranks[at] = rank;
    loads[at] = load;
  }

  private boolean better(Candidate candidate, double rank, int than) {
    return rank > ranks[than]
        || (rank == ranks[than] && candidate.slot.id().compareTo(best[than].slot.id()) < 0);
  }

  int size() {
    return size;
  }

  Candidate candidate(int index) {
    return best[index];
  }

  double rank(int index) {
    return ranks[index];
  }

  double load(int index) {
    return loads[index];
  }
}
