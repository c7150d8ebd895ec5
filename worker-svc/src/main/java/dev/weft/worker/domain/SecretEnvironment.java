package dev.weft.worker.domain;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Environment variables whose values nobody may see but the command. Never printed, and not a
 * record, since a record prints itself.
 */
public final class SecretEnvironment implements AutoCloseable {

  private final Map<String, byte[]> values;

  /** Takes the arrays over. */
  public SecretEnvironment(Map<String, byte[]> values) {
    this.values = new HashMap<>(values);
  }

  public static SecretEnvironment none() {
    return new SecretEnvironment(Map.of());
  }

  /** Variable to value, for the one place that hands them to the sandbox. */
  public Map<String, byte[]> reveal() {
    return values;
  }

  /** The command has them; here they are overwritten. */
  public void wipe() {
    values.values().forEach(value -> Arrays.fill(value, (byte) 0));
    values.clear();
  }

  @Override
  public void close() {
    wipe();
  }

  @Override
  public String toString() {
    return "SecretEnvironment[" + values.size() + "]";
  }
}
