package dev.weft.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A program of this machine, run to its end.
 *
 * @param output both of its streams
 */
record SystemCommand(int exitCode, String output) {

  /**
   * In the root folder and in no language: what it says is parsed, and the class archive that a JVM
   * writes differs with both.
   */
  static SystemCommand run(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(Path.of("/").toFile()).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    String path = Objects.requireNonNullElse(environment.get("PATH"), "/usr/bin:/bin");
    String home = Objects.requireNonNullElse(environment.get("HOME"), "/");
    environment.clear();
    environment.putAll(Map.of("PATH", path, "HOME", home, "LC_ALL", "C"));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new SystemCommand(process.waitFor(), output);
    } catch (IOException e) {
      throw new ImageException(command.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException("interrupted while running " + command.getFirst(), e);
    }
  }

  static SystemCommand run(String... command) {
    return run(List.of(command));
  }

  boolean succeeded() {
    return exitCode == 0;
  }

  /** Its output, if it succeeded. */
  String require(String what) {
    if (!succeeded()) {
      throw new ImageException(what + ": " + output.strip());
    }
    return output;
  }
}
