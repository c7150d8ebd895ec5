package dev.weft.bench;

/**
 * How many submit at once: each waits for its OK before it submits again.
 *
 * @param perCall tasks in one call; 1 is a call of its own for each
 */
record Callers(String name, int count, int perCall) {

  static final Callers SINGLE = new Callers("single", 64, 1);
  static final Callers BATCH = new Callers("batch", 8, 100);
  static final Callers BULK = new Callers("bulk", 8, 500);

  @Override
  public String toString() {
    return perCall == 1 ? count + " callers" : count + " callers, " + perCall + " tasks a call";
  }
}
