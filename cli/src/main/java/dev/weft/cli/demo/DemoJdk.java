package dev.weft.cli.demo;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The JDK that the example needs inside the sandbox: one that is part of the system is seen there
 * anyway, any other is named to the demonstration's workers.
 */
final class DemoJdk {
  private static final String READ_ONLY = "WEFT_SANDBOX_READ_ONLY";

  private DemoJdk() {}

  static String home() {
    return System.getProperty("java.home");
  }

  static boolean isPartOfTheSystem() {
    return Path.of(home()).startsWith("/usr");
  }

  /** The environment in which the mesh is started. */
  static Map<String, String> visibleIn(Map<String, String> environment) {
    if (isPartOfTheSystem()) {
      return environment;
    }
    Map<String, String> with = new HashMap<>(environment);
    with.merge(READ_ONLY, home(), (before, own) -> before.isBlank() ? own : before + "," + own);
    return with;
  }
}
