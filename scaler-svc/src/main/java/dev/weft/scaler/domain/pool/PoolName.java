package dev.weft.scaler.domain.pool;

import java.util.regex.Pattern;

/** A pool's name, unique in the mesh. */
public record PoolName(String text) implements Comparable<PoolName> {

  private static final Pattern FORM = Pattern.compile("[a-z0-9-]{1,40}");

  public PoolName {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "name: " + text + " (expected: at most 40 lower-case letters, digits and '-')");
    }
  }

  @Override
  public int compareTo(PoolName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
