package dev.weft.e2e.mesh;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A command with a terminal of its own, made by util-linux's script; somebody sits before it. */
public final class PseudoTerminal implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final OutputStream keyboard;
  private final Path screen;

  /**
   * @param line for the shell
   */
  public PseudoTerminal(LocalMesh mesh, Map<String, String> environment, String line) {
    try {
      screen = Files.createTempFile("weft-e2e", ".screen");
      ProcessBuilder builder =
          new ProcessBuilder(List.of("script", "-q", "-e", "-f", "-c", line, "/dev/null"))
              .directory(mesh.root().toFile())
              .redirectErrorStream(true)
              .redirectOutput(screen.toFile());
      builder.environment().putAll(environment);
      builder.environment().put("SHELL", "/bin/sh");
      process = builder.start();
      keyboard = process.getOutputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void type(String keys) {
    try {
      keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that was shown so far. */
  public String shown() {
    try {
      return Files.readString(screen, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void await(String text) {
    Awaitility.await("'%s' on the screen".formatted(text))
        .atMost(PATIENCE)
        .failFast(
            () -> {
              if (!process.isAlive() && !shown().contains(text)) {
                throw new AssertionError(
                    "it ended with %d: %s".formatted(process.exitValue(), shown()));
              }
            })
        .until(() -> shown().contains(text));
  }

  /** The exit code, when it has ended. */
  public int end() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("still there: " + shown());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    screen.toFile().delete();
  }
}
