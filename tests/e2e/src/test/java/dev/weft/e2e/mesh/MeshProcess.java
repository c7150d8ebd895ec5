package dev.weft.e2e.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of the mesh, known by its name and pid. */
public record MeshProcess(String name, long pid) {

  /** SIGKILL, and waits until the kernel has ended it. */
  public void kill() {
    ProcessHandle handle = handle();
    handle.destroyForcibly();
    handle.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** SIGSTOP: alive, with all sockets open, and silent. */
  public void pause() {
    signal("STOP");
  }

  public void resume() {
    signal("CONT");
  }

  /** SIGSTOP for itself and everything that it has started. */
  public void freeze() {
    pause();
    everyDescendant("STOP");
  }

  public void thaw() {
    everyDescendant("CONT");
    resume();
  }

  /** SIGQUIT, which to PostgreSQL means: end at once, as in a crash. */
  public void quit() {
    ProcessHandle handle = handle();
    signal("QUIT");
    handle.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  public boolean alive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Command lines of all living descendants. */
  public List<String> descendants() {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::descendants)
        .filter(ProcessHandle::isAlive)
        .map(child -> child.info().commandLine().orElse("pid " + child.pid()))
        .toList();
  }

  /** How many files, sockets and pipes it has open. */
  public long descriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that it holds in memory. */
  public long resident() {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void everyDescendant(String name) {
    handle().descendants().forEach(one -> signal(name, one.pid()));
  }

  private void signal(String name) {
    signal(name, pid);
  }

  private static void signal(String name, long to) {
    Command.run(
            Path.of("/"),
            Map.of(),
            Duration.ofSeconds(5),
            List.of("kill", "-" + name, Long.toString(to)))
        .expectSuccess();
  }

  private ProcessHandle handle() {
    return ProcessHandle.of(pid)
        .orElseThrow(() -> new AssertionError("%s: pid %d is gone".formatted(name, pid)));
  }
}
