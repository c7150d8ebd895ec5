package dev.weft.router.domain.task;

/**
 * A task's class and by when it should have ended, small enough to stand in its hot row as one
 * number of 13 bits.
 *
 * @param deadlineMillis after acceptance; 0 takes the class's own. Kept to one part in 16, rounded
 *     up.
 */
public record Urgency(PriorityClass priority, long deadlineMillis) {

  /** A little more than 24 days, and a number that is kept as it is. */
  public static final long MOST_DEADLINE_MILLIS = 31L << 26;

  private static final int CLASS_BITS = 4;
  private static final int CLASS_MASK = (1 << CLASS_BITS) - 1;
  private static final int FRACTION_BITS = 4;
  private static final int FRACTIONS = 1 << FRACTION_BITS;

  public Urgency {
    if (deadlineMillis < 0 || deadlineMillis > MOST_DEADLINE_MILLIS) {
      throw new IllegalArgumentException(
          "deadline: " + deadlineMillis + " ms (expected: 0.." + MOST_DEADLINE_MILLIS + ")");
    }
    deadlineMillis = millis(code(deadlineMillis));
  }

  public static Urgency of(PriorityClass priority) {
    return new Urgency(priority, 0);
  }

  /** How long after acceptance it should have ended. */
  public static long deadlineMillis(PriorityClass priority, int deadlineCode) {
    return deadlineCode == 0 ? priority.deadline().toMillis() : millis(deadlineCode);
  }

  /** The number; {@link #unpack} gives it back. */
  public int pack() {
    return priority.code() | (deadlineCode() << CLASS_BITS);
  }

  public static Urgency unpack(int packed) {
    return new Urgency(PriorityClass.of(packed & CLASS_MASK), millis(packed >>> CLASS_BITS));
  }

  /** The deadline as 9 bits: five of exponent, four of fraction; 0 for the class's own. */
  public int deadlineCode() {
    return code(deadlineMillis);
  }

  private static int code(long millis) {
    if (millis < FRACTIONS) {
      return (int) millis;
    }
    int shift = Long.SIZE - Long.numberOfLeadingZeros(millis) - FRACTION_BITS - 1;
    long fraction = Math.ceilDiv(millis, 1L << shift);
    return (int) (fraction - FRACTIONS) + (shift + 1) * FRACTIONS;
  }

  private static long millis(int code) {
    int exponent = code / FRACTIONS;
    long fraction = code % FRACTIONS;
    return exponent == 0 ? fraction : (fraction + FRACTIONS) << (exponent - 1);
  }
}
