package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.output.Amounts;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters a command means. */
final class LetterOptions {
  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description = "only these, for example EXIT_NONZERO; repeatable")
  List<String> reasons = new ArrayList<>();

  @Option(names = "--class", paramLabel = "P0..P6", description = "only these; repeatable")
  List<String> classes = new ArrayList<>();

  @Option(
      names = "--after",
      paramLabel = "TIME",
      description = "ended then or later: 2026-01-02T03:04:05Z, or so long ago: 2h")
  @Nullable String after;

  @Option(names = "--before", paramLabel = "TIME", description = "ended before then")
  @Nullable String before;

  private final InstantSource clock = InstantSource.system();

  /** As the contract's filter; empty when nothing restricts. */
  ObjectNode filter() {
    ObjectNode filter = MeshApi.JSON.createObjectNode();
    if (!reasons.isEmpty()) {
      ArrayNode all = filter.putArray("reasons");
      reasons.forEach(all::add);
    }
    if (!classes.isEmpty()) {
      ArrayNode all = filter.putArray("priorityClasses");
      classes.forEach(name -> all.add("PRIORITY_CLASS_" + name.toUpperCase(Locale.ROOT)));
    }
    if (after != null) {
      filter.put("endedAfter", time("--after", after).toString());
    }
    if (before != null) {
      filter.put("endedBefore", time("--before", before).toString());
    }
    return filter;
  }

  /**
   * Passes a command line that says clearly which letters it means.
   *
   * @param ids letters by name
   * @param all every letter
   */
  ObjectNode required(List<String> ids, boolean all) {
    ObjectNode filter = filter();
    int ways = (ids.isEmpty() ? 0 : 1) + (all ? 1 : 0) + (filter.isEmpty() ? 0 : 1);
    if (ways != 1) {
      throw new IllegalArgumentException(
          "dead letters: "
              + (ways == 0 ? "none named" : "named in more than one way")
              + " (expected: tasks, or a filter, or --all)");
    }
    return filter;
  }

  private Instant time(String option, String text) {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : clock.instant().minus(Amounts.duration(text));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          option + ": " + text + " (expected: for example 2026-01-02T03:04:05Z, or 2h)");
    }
  }
}
