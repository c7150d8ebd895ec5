package dev.weft.worker.sandbox;

import dev.weft.worker.linux.Kernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes that make or keep a sandbox and have lost their worker. They are known by a directory
 * in their command line; what runs inside a sandbox ends with them.
 */
record Leftovers(String mark) {

  private static final int ROUNDS = 400;
  private static final long PAUSE_NANOS = 5_000_000;
  private static final long MAX_COMMAND_LINE = 2_000_000;

  /** Those of one attempt, or of all below a directory of attempts. */
  static Leftovers of(Path directory) {
    return new Leftovers(directory + "/");
  }

  /** All that run now, this process excepted. */
  List<ProcessHandle> find() {
    long self = ProcessHandle.current().pid();
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != self && marked(process.pid()))
        .toList();
  }

  /** Kills until none is found; answers how many there were at first. */
  int kill(Kernel kernel) {
    List<ProcessHandle> found = find();
    int count = found.size();
    for (int round = 0; round < ROUNDS && !found.isEmpty(); round++) {
      found.forEach(ProcessHandle::destroyForcibly);
      LockSupport.parkNanos(PAUSE_NANOS);
      found.forEach(process -> kernel.reap(process.pid()));
      found = find();
    }
    return count;
  }

  private boolean marked(long pid) {
    Path file = Path.of("/proc", Long.toString(pid), "cmdline");
    try (var in = Files.newInputStream(file)) {
      byte[] line = in.readNBytes((int) MAX_COMMAND_LINE);
      return new String(line, StandardCharsets.ISO_8859_1)
          .contains(new String(mark.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return false;
    }
  }
}
