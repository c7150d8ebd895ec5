package dev.weft.registry.domain.fleet;

import dev.weft.registry.domain.check.Check;
import java.util.regex.Pattern;

/** A worker's identity over all its incarnations: wkr_ and 26 digits of Crockford's base32. */
public record WorkerId(String text) implements Comparable<WorkerId> {

  private static final Pattern FORM = Pattern.compile("wkr_[0-7][0-9a-hjkmnp-tv-z]{25}");

  public WorkerId {
    Check.matches("worker_id", text, FORM);
  }

  public static boolean looksLike(String text) {
    return text.startsWith("wkr_");
  }

  @Override
  public int compareTo(WorkerId other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
