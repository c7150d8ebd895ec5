package dev.weft.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process id and the moment of its start, so that a recycled id is never taken for the process
 * that a pid file speaks of.
 *
 * @param pid the process id
 * @param start opaque: on Linux boot id and start tick, elsewhere the start instant
 */
public record ProcessStamp(long pid, String start) {

  /** Empty when there is no such process, or it has ended and only waits to be reaped. */
  public static Optional<ProcessStamp> of(long pid) {
    return SystemTools.linux() ? onLinux(pid) : elsewhere(pid);
  }

  public boolean isRunning() {
    return of(pid).filter(this::equals).isPresent();
  }

  private static Optional<ProcessStamp> onLinux(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The second field is the name in parentheses and may hold anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      if (fields[0].equals("Z") || fields[0].equals("X")) {
        return Optional.empty();
      }
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      return Optional.of(new ProcessStamp(pid, boot + "/" + fields[19]));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<ProcessStamp> elsewhere(long pid) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(handle -> handle.info().startInstant())
        .map(start -> new ProcessStamp(pid, start.toString()));
  }
}
