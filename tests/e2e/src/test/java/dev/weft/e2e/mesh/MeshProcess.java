package dev.weft.e2e.mesh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

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

  private void signal(String name) {
    Command.run(
            Path.of("/"),
            Map.of(),
            Duration.ofSeconds(5),
            List.of("kill", "-" + name, Long.toString(pid)))
        .expectSuccess();
  }

  private ProcessHandle handle() {
    return ProcessHandle.of(pid)
        .orElseThrow(() -> new AssertionError("%s: pid %d is gone".formatted(name, pid)));
  }
}
