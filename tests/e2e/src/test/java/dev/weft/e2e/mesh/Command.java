package dev.weft.e2e.mesh;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs one command to its end and keeps what it printed. */
public record Command(int exitCode, String stdout, String stderr) {

  public static Command run(
      Path directory, Map<String, String> environment, Duration timeout, List<String> argv) {
    try {
      Path out = Files.createTempFile("weft-e2e", ".out");
      Path err = Files.createTempFile("weft-e2e", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(argv)
              .directory(directory.toFile())
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            "%s did not end within %s:%n%s%n%s".formatted(argv, timeout, read(out), read(err)));
      }
      Command command = new Command(process.exitValue(), read(out), read(err));
      Files.delete(out);
      Files.delete(err);
      return command;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + argv + " ran", e);
    }
  }

  public Command expectSuccess() {
    if (exitCode != 0) {
      throw new AssertionError(
          "exit code %d (expected: 0)%n%s%n%s".formatted(exitCode, stdout, stderr));
    }
    return this;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
