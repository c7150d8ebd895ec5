package dev.weft.registry.domain.check;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Rules that many fields share; each returns the value or throws {@link InvalidFieldException}. */
public final class Check {

  private Check() {}

  public static String matches(String field, String value, Pattern pattern) {
    if (!pattern.matcher(value).matches()) {
      throw new InvalidFieldException(field, value, pattern.pattern());
    }
    return value;
  }

  /**
   * Text for people or the name of a product: 1 to {@code longest} characters, none of them a
   * control character.
   */
  public static String text(String field, String value, int longest) {
    if (value.isEmpty()) {
      throw new InvalidFieldException(field, value, "1 to " + longest + " characters");
    }
    return textOrEmpty(field, value, longest);
  }

  public static String textOrEmpty(String field, String value, int longest) {
    if (value.length() > longest || value.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidFieldException(
          field, value, "at most " + longest + " characters, no control characters");
    }
    return value;
  }

  public static long within(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw new InvalidFieldException(field, value, least + " to " + most);
    }
    return value;
  }

  /** NaN is refused too. */
  public static double within(String field, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new InvalidFieldException(field, value, least + " to " + most);
    }
    return value;
  }

  public static double fraction(String field, double value) {
    return within(field, value, 0.0, 1.0);
  }

  /** A copy of a list that is not too long and names nothing twice. */
  public static <T> List<T> distinct(
      String field, List<T> values, int most, Function<? super T, String> name) {
    if (values.size() > most) {
      throw new InvalidFieldException(field, values.size() + " entries", "at most " + most);
    }
    Set<String> seen = new HashSet<>();
    for (T value : values) {
      if (!seen.add(name.apply(value))) {
        throw new InvalidFieldException(field, name.apply(value) + " twice", "each at most once");
      }
    }
    return List.copyOf(values);
  }
}
