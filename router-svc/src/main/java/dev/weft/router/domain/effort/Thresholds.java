package dev.weft.router.domain.effort;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Classifies by amounts: over the second threshold of any is complex, else over the first of any
 * medium, else simple. Whatever needs a GPU is complex.
 */
public record Thresholds(Map<Amount, Bounds> byAmount) implements Classifier {

  /** What is measured. */
  public enum Amount {
    INPUT_BYTES,
    TIMEOUT_SECONDS,
    CPU_MILLI,
    MEMORY_MIB;

    long of(Workload work) {
      return switch (this) {
        case INPUT_BYTES -> work.inputBytes();
        case TIMEOUT_SECONDS -> work.timeoutSeconds();
        case CPU_MILLI -> work.cpuMilli();
        case MEMORY_MIB -> work.memoryMib();
      };
    }
  }

  /** More than the first is medium, more than the second complex. */
  public record Bounds(long medium, long complex) {}

  /** 8 or 32 KiB of input, 10 min or 1 h, one core or four, 2 or 8 GiB. */
  public static final Thresholds STANDARD =
      new Thresholds(
          Map.of(
              Amount.INPUT_BYTES, new Bounds(8 << 10, 32 << 10),
              Amount.TIMEOUT_SECONDS, new Bounds(600, 3_600),
              Amount.CPU_MILLI, new Bounds(1_000, 4_000),
              Amount.MEMORY_MIB, new Bounds(2 << 10, 8 << 10)));

  private static final String FORM =
      "INPUT_BYTES, TIMEOUT_SECONDS, CPU_MILLI or MEMORY_MIB, = and MEDIUM/COMPLEX, the first not"
          + " over the second";

  public Thresholds {
    byAmount = Map.copyOf(byAmount);
  }

  @Override
  public Complexity classify(Workload work) {
    Complexity found = work.gpus() > 0 ? Complexity.COMPLEX : Complexity.SIMPLE;
    for (Map.Entry<Amount, Bounds> one : byAmount.entrySet()) {
      long amount = one.getKey().of(work);
      if (amount > one.getValue().complex()) {
        return Complexity.COMPLEX;
      }
      if (amount > one.getValue().medium() && found == Complexity.SIMPLE) {
        found = Complexity.MEDIUM;
      }
    }
    return found;
  }

  /**
   * These with some in place of their own.
   *
   * @param field how a refusal names the rules
   * @param rules each {@code AMOUNT=MEDIUM/COMPLEX}
   * @throws IllegalArgumentException naming the rule and what was expected
   */
  public Thresholds with(String field, List<String> rules) {
    Map<Amount, Bounds> changed = new EnumMap<>(byAmount);
    Set<Amount> named = EnumSet.noneOf(Amount.class);
    for (String text : rules) {
      String rule = text.strip();
      if (!rule.matches(
          "(INPUT_BYTES|TIMEOUT_SECONDS|CPU_MILLI|MEMORY_MIB)=[0-9]{1,15}/[0-9]{1,15}")) {
        throw new IllegalArgumentException(field + ": " + rule + " (expected: " + FORM + ")");
      }
      String[] words = rule.split("[=/]", -1);
      Bounds bounds = new Bounds(Long.parseLong(words[1]), Long.parseLong(words[2]));
      if (bounds.medium() > bounds.complex()) {
        throw new IllegalArgumentException(field + ": " + rule + " (expected: " + FORM + ")");
      }
      if (!named.add(Amount.valueOf(words[0]))) {
        throw new IllegalArgumentException(field + ": " + words[0] + " twice (expected: once)");
      }
      changed.put(Amount.valueOf(words[0]), bounds);
    }
    return new Thresholds(changed);
  }
}
