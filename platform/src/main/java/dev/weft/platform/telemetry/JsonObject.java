package dev.weft.platform.telemetry;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/** Writes one flat JSON object; of two fields of one name the first stays. */
final class JsonObject {

  private static final HexFormat HEX = HexFormat.of();
  private static final int FIRST_PRINTABLE = 0x20;

  private final StringBuilder text = new StringBuilder(256).append('{');
  private final Set<String> names = new HashSet<>();

  void put(String name, Object value) {
    if (!names.add(name)) {
      return;
    }
    if (names.size() > 1) {
      text.append(',');
    }
    quote(name);
    text.append(':');
    if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
      text.append(value);
    } else {
      quote(String.valueOf(value));
    }
  }

  String end() {
    return text.append('}').toString();
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char each = value.charAt(i);
      switch (each) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          // Half of a pair would be no UTF-8; the line separators break lines for some readers.
          if (each < FIRST_PRINTABLE || each == 0x7f || isHalf(value, i) || isSeparator(each)) {
            text.append("\\u").append(HEX.toHexDigits(each));
          } else {
            text.append(each);
          }
        }
      }
    }
    text.append('"');
  }

  private static boolean isSeparator(char each) {
    return each == 0x2028 || each == 0x2029 || each == 0x85;
  }

  private static boolean isHalf(String value, int at) {
    char each = value.charAt(at);
    if (Character.isHighSurrogate(each)) {
      return at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
    }
    return Character.isLowSurrogate(each)
        && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
  }
}
