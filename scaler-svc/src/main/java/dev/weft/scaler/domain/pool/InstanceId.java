package dev.weft.scaler.domain.pool;

import java.util.regex.Pattern;

/** One life of a worker in a pool: ins_ and 26 digits of Crockford's base32. */
public record InstanceId(String text) {

  private static final Pattern FORM = Pattern.compile("ins_[0-7][0-9a-hjkmnp-tv-z]{25}");

  public InstanceId {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("id: " + text + " (expected: ins_ and 26 digits)");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
