package dev.weft.router.domain.limit;

import java.util.Optional;

/** One of the amounts of a {@link Level}. */
public enum Amount {
  CPU,
  MEMORY,
  DISK,
  SLOTS;

  private static final long MIB = 1L << 20;

  public long of(Level level) {
    return switch (this) {
      case CPU -> level.cpuMilli();
      case MEMORY -> level.memoryBytes();
      case DISK -> level.diskBytes();
      case SLOTS -> level.slots();
    };
  }

  /** As people name it. */
  public String title() {
    return switch (this) {
      case CPU -> "CPU";
      case MEMORY -> "memory";
      case DISK -> "disk";
      case SLOTS -> "slots";
    };
  }

  /** With its unit, as people read it; bytes in whole MiB, rounded up. */
  public String text(Level level) {
    long amount = of(level);
    return switch (this) {
      case CPU -> amount + "m";
      case MEMORY, DISK -> Math.ceilDiv(amount, MIB) + " MiB";
      case SLOTS -> Long.toString(amount);
    };
  }

  /** The first of which there is less room than is needed; empty when all of it fits. */
  public static Optional<Amount> lacking(Level need, Level room) {
    for (Amount amount : values()) {
      if (amount.of(need) > 0 && amount.of(need) > amount.of(room)) {
        return Optional.of(amount);
      }
    }
    return Optional.empty();
  }

  /** How often this much fits into that room. */
  public static long fits(Level need, Level room) {
    long most = Long.MAX_VALUE;
    for (Amount amount : values()) {
      if (amount.of(need) > 0) {
        most = Math.min(most, Math.max(0, amount.of(room)) / amount.of(need));
      }
    }
    return most;
  }
}
