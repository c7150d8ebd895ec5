package dev.weft.platform.telemetry;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;

/**
 * What a log statement says: {@code "cell given back: epoch=%d"} is the message {@code "cell given
 * back"} with the fact {@code epoch}. A key may be an argument too: {@code "%s=%s"}.
 *
 * @param values numbers stay numbers
 */
record LogFacts(String message, Map<String, Object> values) {

  private static final String CONVERSION = "%[-#+ 0,(]*[0-9]*(?:\\.[0-9]+)?[a-zA-Z]";
  private static final Pattern STEP =
      Pattern.compile("(?:(%s|[a-zA-Z][a-zA-Z0-9]*)=)?(" + CONVERSION + ")|%[n%]");

  /**
   * @param text what the statement becomes
   */
  static LogFacts of(ExtLogRecord entry, String text) {
    Object[] arguments = entry.getParameters();
    return entry.getFormatStyle() == FormatStyle.PRINTF
            && arguments != null
            && entry.getMessage() != null
        ? printf(entry.getMessage(), arguments, text)
        : new LogFacts(text, Map.of());
  }

  /** A statement that is not what it seems stays the text that it becomes. */
  private static LogFacts printf(String format, Object[] arguments, String text) {
    Map<String, Object> values = new LinkedHashMap<>();
    int next = 0;
    int head = -1;
    Matcher step = STEP.matcher(format);
    while (step.find()) {
      String key = step.group(1);
      if (step.group(2) == null) {
        continue;
      }
      int taken = "%s".equals(key) ? 2 : 1;
      if (next + taken > arguments.length) {
        return new LogFacts(text, Map.of());
      }
      if (key != null) {
        head = head < 0 ? step.start() : head;
        Object value = arguments[next + taken - 1];
        values.put(
            taken == 2 ? String.valueOf(arguments[next]) : key, value == null ? "null" : value);
      }
      next += taken;
    }
    return head < 0
        ? new LogFacts(text, Map.of())
        : new LogFacts(message(format.substring(0, head), arguments), values);
  }

  private static String message(String head, Object[] arguments) {
    String said = String.format(Locale.ROOT, head, arguments).strip();
    return said.endsWith(":") || said.endsWith(",") ? said.substring(0, said.length() - 1) : said;
  }
}
