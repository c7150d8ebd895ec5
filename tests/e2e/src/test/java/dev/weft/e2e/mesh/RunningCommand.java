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
import org.awaitility.Awaitility;

/** A command that goes on while the test does something else; killed when it is closed. */
public final class RunningCommand implements AutoCloseable {

  private final Process process;
  private final Path out;
  private final Path err;

  RunningCommand(Path directory, Map<String, String> environment, List<String> argv) {
    try {
      out = Files.createTempFile("weft-e2e", ".out");
      err = Files.createTempFile("weft-e2e", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(argv)
              .directory(directory.toFile())
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until stdout holds the text while the command still runs. */
  public void awaitStdout(String text, Duration patience) {
    Awaitility.await("'%s' on stdout".formatted(text))
        .atMost(patience)
        .failFast(
            () -> {
              if (!process.isAlive() && !stdout().contains(text)) {
                throw new AssertionError(
                    "it ended with %d: %s".formatted(process.exitValue(), stderr()));
              }
            })
        .until(() -> stdout().contains(text));
  }

  /** The id that {@code run -v} tells on stderr. */
  public String taskId(Duration patience) {
    String mark = "weft: task ";
    Awaitility.await("a task id on stderr")
        .atMost(patience)
        .until(() -> stderr().contains(mark + "tsk_"));
    String text = stderr();
    int begin = text.indexOf(mark) + mark.length();
    return text.substring(begin, text.indexOf('\n', begin)).strip();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** As Ctrl-C does. */
  public void interrupt() {
    Command.run(
            Path.of("/"),
            Map.of(),
            Duration.ofSeconds(5),
            List.of("kill", "-INT", Long.toString(process.pid())))
        .expectSuccess();
  }

  /** Waits for its end. */
  public Command end(Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "still there after %s:%n%s%n%s".formatted(patience, stdout(), stderr()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return new Command(process.exitValue(), stdout(), stderr());
  }

  public String stdout() {
    return read(out);
  }

  public String stderr() {
    return read(err);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    out.toFile().delete();
    err.toFile().delete();
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
