package dev.weft.parts;

import java.nio.file.Path;
import java.util.Map;

/** The user's own folder: HOME, as every shell has it, else what the system's accounts say. */
final class UserHome {
  private UserHome() {}

  static Path of(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isBlank() ? System.getProperty("user.home") : home);
  }
}
