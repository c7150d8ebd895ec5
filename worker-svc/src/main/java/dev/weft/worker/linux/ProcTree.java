package dev.weft.worker.linux;

import dev.weft.worker.domain.Usage;
import dev.weft.worker.domain.Usage.KernelHit;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Adds up what a process and all below it use, where there are no control groups to ask. */
public final class ProcTree {

  private static final Path PROC = Path.of("/proc");
  private static final long TICK_MILLIS = 10;
  private static final long PAGE_BYTES = 4096;
  private static final int UTIME = 11;
  private static final int THREADS = 17;
  private static final int RSS_PAGES = 21;

  private ProcTree() {}

  /** All processes below one, parents first; those that end meanwhile may be missing. */
  public static List<Long> below(long pid) {
    List<Long> found = new ArrayList<>();
    Deque<Long> open = new ArrayDeque<>(List.of(pid));
    while (!open.isEmpty()) {
      for (long child : children(open.removeFirst())) {
        found.add(child);
        open.addLast(child);
      }
    }
    return found;
  }

  /**
   * What all processes below one use now; CPU includes what those among them had that were waited
   * for.
   */
  public static Usage usageBelow(long pid) {
    long ticks = waitedTicks(pid);
    long pages = 0;
    int threads = 0;
    for (long each : below(pid)) {
      String[] fields = stat(each);
      if (fields.length > RSS_PAGES) {
        for (int i = UTIME; i < UTIME + 4; i++) {
          ticks += Long.parseLong(fields[i]);
        }
        threads += Integer.parseInt(fields[THREADS]);
        pages += Long.parseLong(fields[RSS_PAGES]);
      }
    }
    long memory = pages * PAGE_BYTES;
    return new Usage(
        Duration.ofMillis(ticks * TICK_MILLIS), memory, memory, threads, KernelHit.NONE);
  }

  private static long waitedTicks(long pid) {
    String[] fields = stat(pid);
    return fields.length > RSS_PAGES
        ? Long.parseLong(fields[UTIME + 2]) + Long.parseLong(fields[UTIME + 3])
        : 0;
  }

  private static List<Long> children(long pid) {
    List<Long> children = new ArrayList<>();
    Path tasks = PROC.resolve(Long.toString(pid)).resolve("task");
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        for (String child : read(thread.resolve("children")).split(" ")) {
          if (!child.isBlank()) {
            children.add(Long.parseLong(child.strip()));
          }
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // It ended between the look and the read.
      return children;
    }
    return children;
  }

  /** The fields after the command's name, which may itself hold spaces and parentheses. */
  private static String[] stat(long pid) {
    String line = read(PROC.resolve(Long.toString(pid)).resolve("stat"));
    int end = line.lastIndexOf(')');
    return end < 0 ? new String[0] : line.substring(end + 2).split(" ");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
