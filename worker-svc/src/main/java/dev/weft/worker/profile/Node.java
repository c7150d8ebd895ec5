package dev.weft.worker.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One block of the profile file. Every key is asked for by name and type; one that nobody asked for
 * is a mistake.
 */
final class Node {

  private final String path;
  private final Map<String, Object> values;
  private final Set<String> asked = new TreeSet<>();

  private Node(String path, Map<String, Object> values) {
    this.path = path;
    this.values = values;
  }

  static Node of(String path, @Nullable Object value) {
    if (value == null) {
      return new Node(path, Map.of());
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new ProfileException(path + ": " + value + " (expected: keys with values)");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach(
        (key, each) -> {
          if (each != null) {
            values.put(String.valueOf(key), each);
          }
        });
    return new Node(path, values);
  }

  private Optional<Object> value(String key) {
    asked.add(key);
    return Optional.ofNullable(values.get(key));
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  String text(String key, String usual) {
    return value(key).map(String::valueOf).orElse(usual);
  }

  String text(String key) {
    return value(key)
        .map(String::valueOf)
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> new ProfileException(at(key) + ": missing (expected: a text)"));
  }

  boolean flag(String key, boolean usual) {
    Object value = value(key).orElse(usual);
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw new ProfileException(at(key) + ": " + value + " (expected: true or false)");
  }

  int count(String key, int usual) {
    return Math.toIntExact(Math.min(Integer.MAX_VALUE, amount(key, usual)));
  }

  long amount(String key, long usual) {
    Object value = value(key).orElse(usual);
    if ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0) {
      return ((Number) value).longValue();
    }
    throw new ProfileException(at(key) + ": " + value + " (expected: a whole number >= 0)");
  }

  double fraction(String key, double usual, double most) {
    Object value = value(key).orElse(usual);
    if (value instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= most) {
      return number.doubleValue();
    }
    throw new ProfileException(at(key) + ": " + value + " (expected: 0…" + most + ")");
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** A block; an empty one if it isn't there. */
  Node block(String key) {
    return of(at(key), value(key).orElse(null));
  }

  Optional<Node> optionalBlock(String key) {
    return value(key).map(value -> of(at(key), value));
  }

  List<Node> blocks(String key) {
    List<Node> blocks = new ArrayList<>();
    for (Object each : list(key)) {
      blocks.add(of(at(key) + "[" + blocks.size() + "]", each));
    }
    return blocks;
  }

  List<String> texts(String key) {
    return list(key).stream().map(String::valueOf).toList();
  }

  private List<?> list(String key) {
    Object value = value(key).orElse(List.of());
    if (value instanceof List<?> list) {
      return list;
    }
    throw new ProfileException(at(key) + ": " + value + " (expected: a list)");
  }

  /** All keys with texts. */
  Map<String, String> allTexts() {
    Map<String, String> all = new HashMap<>();
    values.forEach((key, value) -> all.put(key, String.valueOf(value)));
    asked.addAll(values.keySet());
    return all;
  }

  /** Refuses what nobody asked for. */
  void close() {
    for (String key : values.keySet()) {
      if (!asked.contains(key)) {
        throw new ProfileException(
            at(key) + ": unknown key (expected: one of " + String.join(", ", asked) + ")");
      }
    }
  }
}
