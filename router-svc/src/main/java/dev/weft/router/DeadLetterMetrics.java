package dev.weft.router;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Tasks that failed for good, by what kind of reason: reasons themselves come from workers. */
final class DeadLetterMetrics {

  /** Kinds of reasons. */
  private enum Cause {
    /** The command ended otherwise than well, or is not there. */
    COMMAND,
    /** It wanted more than it may have. */
    LIMIT,
    /** Its worker was lost or stopped, and it may not run again. */
    LOST,
    /** It is taken to kill its workers. */
    POISON,
    /** It was tried too often. */
    ATTEMPTS,
    OTHER;

    static Cause of(String reason) {
      return switch (reason) {
        case "EXIT_NONZERO", "COMMAND_NOT_FOUND" -> COMMAND;
        case "WALL_TIME_LIMIT", "CPU_TIME_LIMIT", "MEMORY_LIMIT", "PROCESS_LIMIT", "OUTPUT_LIMIT" ->
            LIMIT;
        case "LOST_ON_LOST_FAIL" -> LOST;
        case "POISON" -> POISON;
        case "TOO_MANY_ATTEMPTS" -> ATTEMPTS;
        default -> OTHER;
      };
    }
  }

  private final Map<Cause, Counter> written = new EnumMap<>(Cause.class);

  DeadLetterMetrics(MeterRegistry meters) {
    for (Cause cause : Cause.values()) {
      written.put(
          cause,
          Counter.builder("weft.dead.letters")
              .description("Tasks that failed for good")
              .tag("cause", cause.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
  }

  /** A task FAILED, durably. */
  void failed(String reason) {
    Counter counter = written.get(Cause.of(reason));
    if (counter != null) {
      counter.increment();
    }
  }
}
