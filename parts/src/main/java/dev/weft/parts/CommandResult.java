package dev.weft.parts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a short command left behind. */
record CommandResult(int exitCode, String output) {

  boolean succeeded() {
    return exitCode == 0;
  }

  /** Runs to the end in this process's environment; stderr is joined to stdout. */
  static CommandResult run(List<String> command) {
    return run(command, Path.of("/"), Map.of());
  }

  static CommandResult run(List<String> command, Path directory, Map<String, String> added) {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(added);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new CommandResult(process.waitFor(), output.strip());
    } catch (IOException e) {
      return new CommandResult(127, command.getFirst() + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartsException("interrupted while running " + command.getFirst(), e);
    }
  }
}
