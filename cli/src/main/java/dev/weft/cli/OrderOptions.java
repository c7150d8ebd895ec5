package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.output.OptionFault;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a task stands among other work: how urgent it is, and when and for whom it waits. */
final class OrderOptions {
  private static final Pattern CLASS = Pattern.compile("[Pp][0-6]");
  private static final List<String> COMPLEXITIES =
      List.of("auto", "simple", "medium", "complex", "emergency");
  private static final String WIRE_PREFIX = "PRIORITY_CLASS_";

  @Option(
      names = "--class",
      paramLabel = "P0..P6",
      description = "priority class, P0 the most urgent (default: P2)")
  @Nullable String priorityClass;

  @Option(
      names = "--complexity",
      paramLabel = "WHAT",
      description =
          "how hard it is: simple, medium, complex, emergency (is P0), or auto for the mesh to tell;"
              + " chooses the model tier and the places that come first")
  @Nullable String complexity;

  @Option(
      names = "--queue",
      paramLabel = "NAME",
      description = "only workers that serve this queue get it (without: the queue named default)")
  @Nullable String queue;

  @Option(
      names = "--affinity",
      paramLabel = "KEY",
      description = "tasks with one key go to one worker as long as it fits and has room")
  @Nullable String affinity;

  @Option(
      names = "--deadline",
      paramLabel = "T",
      description =
          "by when it should have ended; a late one still runs, one that can't be met is refused"
              + " (default: its class's)")
  @Nullable String deadline;

  @Option(
      names = "--expiry",
      paramLabel = "T",
      description =
          "ends EXPIRED if it still waits after this time (default: 5m for P0 and P1, 1h to P4, 24h)")
  @Nullable String expiry;

  @Option(
      names = "--not-before",
      paramLabel = "T",
      description = "starts this long from now at the earliest")
  @Nullable String notBefore;

  @Option(
      names = "--preemptible",
      description = "may be ended, and run again, when a P0 task finds no room")
  boolean preemptible;

  void addTo(ObjectNode spec) {
    if (priorityClass != null) {
      spec.put("priorityClass", wireClass(priorityClass));
    }
    if (complexity != null) {
      spec.put("complexity", wireComplexity(complexity));
    }
    if (queue != null) {
      if (queue.isBlank()) {
        throw new OptionFault("--queue", queue, "[a-z0-9_-]{1,63}");
      }
      spec.put("queue", queue);
    }
    if (affinity != null) {
      spec.put("affinityKey", affinity);
    }
    putDuration(spec, "deadline", "--deadline", deadline);
    putDuration(spec, "expiry", "--expiry", expiry);
    putDuration(spec, "notBefore", "--not-before", notBefore);
    if (preemptible) {
      spec.put("preemptible", true);
    }
  }

  /** A class in the contract's spelling; in any case of letters. */
  static String wireClass(String text) {
    if (!CLASS.matcher(text).matches()) {
      throw new OptionFault("--class", text, "P0..P6");
    }
    return WIRE_PREFIX + text.toUpperCase(Locale.ROOT);
  }

  private static String wireComplexity(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (!COMPLEXITIES.contains(word)) {
      throw new OptionFault("--complexity", text, "one of " + String.join(", ", COMPLEXITIES));
    }
    return "COMPLEXITY_" + word.toUpperCase(Locale.ROOT);
  }

  /** What a person calls a class of the contract; as it is, if it is none. */
  static String shownClass(String wire) {
    return wire.startsWith(WIRE_PREFIX) ? wire.substring(WIRE_PREFIX.length()) : wire;
  }

  private static void putDuration(
      ObjectNode spec, String field, String option, @Nullable String text) {
    if (text != null) {
      spec.put(field, Amounts.protoJson(Amounts.duration(option, text)));
    }
  }
}
