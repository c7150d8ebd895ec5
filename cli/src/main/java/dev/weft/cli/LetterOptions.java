package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.output.OptionFault;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters a command means. */
final class LetterOptions {
  private static final Pattern REASON = Pattern.compile("[A-Z][A-Z0-9_]*");

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description = "only these, for example EXIT_NONZERO; repeatable (default: any)")
  List<String> reasons = new ArrayList<>();

  @Option(
      names = "--class",
      paramLabel = "P0..P6",
      description = "only tasks of these priority classes; repeatable (default: any)")
  List<String> classes = new ArrayList<>();

  @Option(
      names = "--after",
      paramLabel = "TIME",
      description =
          "ended then or later: a time in UTC (2026-01-02T03:04:05Z), or how long ago in ms, s, m, h, d"
              + " (2h, 1d12h; default: since ever)")
  @Nullable String after;

  @Option(
      names = "--before",
      paramLabel = "TIME",
      description = "ended before then, in the same form (default: until now)")
  @Nullable String before;

  private final InstantSource clock = InstantSource.system();

  /** As the contract's filter; empty when nothing restricts. */
  ObjectNode filter() {
    ObjectNode filter = MeshApi.JSON.createObjectNode();
    if (!reasons.isEmpty()) {
      ArrayNode all = filter.putArray("reasons");
      reasons.forEach(text -> all.add(reason(text)));
    }
    if (!classes.isEmpty()) {
      ArrayNode all = filter.putArray("priorityClasses");
      classes.forEach(text -> all.add(OrderOptions.wireClass(text)));
    }
    Instant from = after == null ? TimeOption.EARLIEST : TimeOption.parse("--after", after, clock);
    Instant to = before == null ? TimeOption.LATEST : TimeOption.parse("--before", before, clock);
    if (after != null && before != null && !from.isBefore(to)) {
      throw new OptionFault("--before", before, "later than --after " + after);
    }
    if (after != null) {
      filter.put("endedAfter", from.toString());
    }
    if (before != null) {
      filter.put("endedBefore", to.toString());
    }
    return filter;
  }

  private static String reason(String text) {
    if (!REASON.matcher(text).matches()) {
      throw new OptionFault("--reason", text, "one of docs/errors.md, for example EXIT_NONZERO");
    }
    return text;
  }
}
