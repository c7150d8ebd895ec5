package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;
import java.util.regex.Pattern;

/**
 * A skill and how good the worker is at it.
 *
 * @param name for example CODING
 * @param proficiency 0…1
 */
public record Capability(String name, double proficiency) {

  private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

  public Capability {
    Check.matches("name", name, NAME);
    Check.fraction("proficiency", proficiency);
  }
}
