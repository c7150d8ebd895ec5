package dev.weft.cli.local;

import dev.weft.parts.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process truly costs: its proportional share (PSS) of every page that it has. Linux only;
 * elsewhere 0.
 */
public final class ProcessMemory {
  private static final long KIB = 1024;

  private ProcessMemory() {}

  /**
   * Of the process and all its descendants, in bytes; the workers that a scaler started are
   * processes of their own.
   */
  public static long of(RunFile file) {
    long pid = file.stamp().pid();
    if (file.role().equals("scaler")) {
      return of(pid);
    }
    return ProcessHandle.of(pid).stream()
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
        .mapToLong(handle -> of(handle.pid()))
        .sum();
  }

  private static long of(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
          .sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
