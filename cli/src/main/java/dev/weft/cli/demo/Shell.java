package dev.weft.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Types commands at the real {@code weft}, as a person would. */
final class Shell {
  private final Path root;
  private final Map<String, String> environment;
  private final Transcript transcript;

  /**
   * @param environment added to that of this process
   */
  Shell(Path root, Map<String, String> environment, Transcript transcript) {
    this.root = root;
    this.environment = Map.copyOf(environment);
    this.transcript = transcript;
  }

  /** What a command left. */
  record Outcome(int exitCode, String stdout, String stderr) {}

  /** Shows the command and what it printed. */
  Outcome weft(String... arguments) {
    transcript.line("$ weft " + shown(arguments));
    Outcome outcome = quietly(arguments);
    transcript.output(outcome.stdout());
    transcript.output(outcome.stderr());
    if (outcome.exitCode() != 0) {
      transcript.line("(exit code " + outcome.exitCode() + ")");
    }
    return outcome;
  }

  /** Starts a command and shows its lines as they come. */
  LiveCommand live(String... arguments) {
    transcript.line("$ weft " + shown(arguments));
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command(arguments))
              .directory(root.toFile())
              .redirectInput(Path.of("/dev/null").toFile());
      builder.environment().putAll(environment);
      return new LiveCommand(builder.start(), line -> transcript.line(line.text()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path root() {
    return root;
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(root.resolve("weft").toString(), "--no-build"));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs a command without showing it. */
  Outcome quietly(String... arguments) {
    try {
      Path out = Files.createTempFile("weft-demo-", ".out");
      Path err = Files.createTempFile("weft-demo-", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command(arguments))
              .directory(root.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      int exitCode = builder.start().waitFor();
      Outcome outcome = new Outcome(exitCode, read(out), read(err));
      Files.delete(out);
      Files.delete(err);
      return outcome;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailure("interrupted");
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private static String shown(String... arguments) {
    StringJoiner text = new StringJoiner(" ");
    for (String argument : arguments) {
      text.add(
          argument.matches("[A-Za-z0-9_./:=,-]+")
              ? argument
              : "'" + argument.replace("'", "'\\''") + "'");
    }
    return text.toString();
  }
}
