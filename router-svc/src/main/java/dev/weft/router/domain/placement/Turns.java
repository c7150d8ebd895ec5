package dev.weft.router.domain.placement;

import java.util.Arrays;

/**
 * Workers in turns, a heavier one more often: each pick moves the worker's next turn by one over
 * its weight, and the earliest is next (stride scheduling, Waldspurger 1995). Who is full or ill is
 * skipped and saves nothing up; who joins comes in at the current turn. Equal turns go by worker
 * id, among many by who had none for longest.
 */
final class Turns implements Preference {

  private final Algorithm algorithm;
  private final boolean weighted;
  private double[] next = new double[64];
  private double now;

  private Turns(Algorithm algorithm, boolean weighted) {
    this.algorithm = algorithm;
    this.weighted = weighted;
  }

  static Turns equal() {
    return new Turns(Algorithm.ROUND_ROBIN, false);
  }

  /** By the slots that each has for the task's kind. */
  static Turns bySlots() {
    return new Turns(Algorithm.WEIGHTED_ROUND_ROBIN, true);
  }

  @Override
  public Algorithm algorithm() {
    return algorithm;
  }

  @Override
  public double rank(Candidate candidate, Requirements need, double load, int key) {
    return 1 / (1 + turn(candidate) - now);
  }

  /** Of those whose turn has come, who had none for longest. */
  @Override
  public double standing(Candidate candidate, Requirements need, double load) {
    int ordinal = candidate.slot.ordinal();
    return ordinal < next.length ? -next[ordinal] : 0;
  }

  @Override
  public double ranked(double standing) {
    return 1 / (1 + Math.max(0, -standing - now));
  }

  @Override
  public void picked(Candidate winner, Requirements need) {
    int ordinal = winner.slot.ordinal();
    double turn = turn(winner);
    if (ordinal >= next.length) {
      next = Arrays.copyOf(next, Math.max(ordinal + 1, 2 * next.length));
    }
    now = turn;
    next[ordinal] = turn + 1.0 / weight(winner, need);
    winner.slot.changed();
  }

  private double turn(Candidate candidate) {
    int ordinal = candidate.slot.ordinal();
    return ordinal < next.length ? Math.max(next[ordinal], now) : now;
  }

  private int weight(Candidate winner, Requirements need) {
    return weighted ? Math.max(1, winner.slot.credit().capacity().slots(need.executor())) : 1;
  }
}
