package dev.weft.worker.domain;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One report of a command: a flat JSON object with {@code model}, {@code inputTokens} and {@code
 * outputTokens}, of which one number may be missing. Other members are passed over, so that a
 * program may hand on what its library says.
 */
final class UsageLine {

  static final String UNNAMED = "unknown";

  private static final String TEXT = "\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"";
  private static final Pattern MEMBER =
      Pattern.compile(
          "\\s*+(%1$s)\\s*+:\\s*+(%1$s|-?\\d++(?:\\.\\d++)?+(?:[eE][+-]?+\\d++)?+|true|false|null)\\s*+"
              .formatted(TEXT));

  /** What people, tables and terminals can take. */
  private static final Pattern MODEL = Pattern.compile("\"([ -~&&[^\"\\\\]]{1,128})\"");

  private static final Pattern TOKENS = Pattern.compile("\\d{1,10}");

  private UsageLine() {}

  /** Empty if it is no report. */
  static Optional<ModelTokens> parse(String line) {
    String text = line.strip();
    if (text.length() < 2 || text.charAt(0) != '{' || !text.endsWith("}")) {
      return Optional.empty();
    }
    int end = text.length() - 1;
    Matcher member = MEMBER.matcher(text).region(1, end);
    Map<String, String> members = new HashMap<>();
    while (member.lookingAt()) {
      members.put(member.group(1), member.group(2));
      int next = member.end();
      if (next == end) {
        return report(members);
      }
      if (text.charAt(next) != ',') {
        return Optional.empty();
      }
      member.region(next + 1, end);
    }
    return Optional.empty();
  }

  private static Optional<ModelTokens> report(Map<String, String> members) {
    String input = members.get("\"inputTokens\"");
    String output = members.get("\"outputTokens\"");
    Matcher model = MODEL.matcher(members.getOrDefault("\"model\"", '"' + UNNAMED + '"'));
    if ((input == null && output == null)
        || !isCount(input)
        || !isCount(output)
        || !model.matches()) {
      return Optional.empty();
    }
    return Optional.of(new ModelTokens(model.group(1), count(input), count(output)));
  }

  private static boolean isCount(@Nullable String text) {
    return text == null || TOKENS.matcher(text).matches();
  }

  private static long count(@Nullable String text) {
    return text == null ? 0 : Long.parseLong(text);
  }
}
