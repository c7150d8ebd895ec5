package dev.weft.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program that was found or fetched.
 *
 * @param executable absolute path
 * @param environment what it needs to run, for example its library path
 * @param origin {@code system} or {@code cache}
 */
public record Binary(Path executable, Map<String, String> environment, String origin) {
  public Binary {
    environment = Map.copyOf(environment);
  }

  /** A program that lies beside this one. */
  public Path sibling(String program) {
    Path real = executable;
    try {
      real = executable.toRealPath();
    } catch (IOException e) {
      throw new PartsException(executable + ": " + e.getMessage(), e);
    }
    Path beside = real.resolveSibling(program);
    return Files.isExecutable(beside) ? beside : executable.resolveSibling(program);
  }

  /** The first line that it prints for its version option. */
  public String version() {
    return ask().output().lines().findFirst().orElse("");
  }

  /** Whether it starts at all: its libraries are there, it is for this machine. */
  public boolean runs() {
    return ask().succeeded();
  }

  private CommandResult ask() {
    return CommandResult.run(
        List.of(executable.toString(), "--version"), Path.of("/"), environment);
  }
}
