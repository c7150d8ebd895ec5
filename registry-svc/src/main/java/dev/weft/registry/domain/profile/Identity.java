package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;
import dev.weft.registry.domain.check.InvalidFieldException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Who a worker is to people.
 *
 * @param name unique inside a mesh while connected; never looks like an id, since both are looked
 *     up by one field
 * @param kind for example gpu, browser, sandbox
 * @param version of the worker's program; may be empty
 */
public record Identity(String name, String kind, String version, Map<String, String> labels) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final Pattern KIND = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");
  private static final int MOST_LABELS = 64;

  public Identity {
    Check.matches("name", name, NAME);
    if (name.startsWith("wkr_")) {
      throw new InvalidFieldException("name", name, "a name that does not start like an id, wkr_");
    }
    Check.matches("kind", kind, KIND);
    Check.textOrEmpty("version", version, 64);
    if (labels.size() > MOST_LABELS) {
      throw new InvalidFieldException(
          "labels", labels.size() + " entries", "at most " + MOST_LABELS);
    }
    labels.forEach(
        (key, value) -> {
          Check.matches("labels", key, LABEL);
          Check.textOrEmpty("labels[" + key + "]", value, 256);
        });
    labels = Map.copyOf(labels);
  }
}
