package dev.weft.router.domain.placement;

/**
 * The cell's order says which task is next; this says where it goes: an urgent one to the emptiest
 * worker, any other to the fullest that has room, so that whole workers stay free for the next
 * urgent one.
 */
record ByUrgency(boolean urgent) implements Preference {

  @Override
  public Algorithm algorithm() {
    return Algorithm.PRIORITY_QUEUE;
  }

  @Override
  public double rank(Candidate candidate, Requirements need, double load, int key) {
    return urgent ? 1 - load : load;
  }
}
