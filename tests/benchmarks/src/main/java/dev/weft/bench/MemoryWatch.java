package dev.weft.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How much memory each process of the mesh takes while something goes on: its proportional share of
 * what is mapped (PSS), looked at every 200 ms. PostgreSQL counts with its children. Looking stops
 * a process for some milliseconds, so rates are not measured meanwhile.
 */
final class MemoryWatch implements AutoCloseable {

  private static final long PAUSE_MILLIS = 200;

  private final Map<String, Long> pids;
  private final Map<String, Long> before;
  private final Map<String, Long> most = new LinkedHashMap<>();
  private final Thread thread;

  private MemoryWatch(Map<String, Long> pids) {
    this.pids = pids;
    this.before = look();
    this.most.putAll(before);
    this.thread = Thread.ofPlatform().daemon().name("memory-watch").unstarted(this::watch);
  }

  static MemoryWatch begin(Mesh mesh) {
    MemoryWatch watch = new MemoryWatch(mesh.processes());
    watch.thread.start();
    return watch;
  }

  private void watch() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        look().forEach((name, size) -> most.merge(name, size, Math::max));
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The process that grew most is the figure. */
  void tell(String what, Report report) {
    close();
    String grown = "";
    long growth = Long.MIN_VALUE;
    StringBuilder all = new StringBuilder();
    for (Map.Entry<String, Long> entry : most.entrySet()) {
      long first = before.getOrDefault(entry.getKey(), 0L);
      long more = entry.getValue() - first;
      if (more > growth) {
        growth = more;
        grown = entry.getKey();
      }
      if (more >= 1 << 20) {
        all.append(
            String.format(
                Locale.ROOT, " %s %d→%d", entry.getKey(), first >> 20, entry.getValue() >> 20));
      }
    }
    report.add(what + ": most memory gained", growth / 1e6, "MB", grown + ";" + all + " MiB");
  }

  private Map<String, Long> look() {
    Map<String, Long> sizes = new LinkedHashMap<>();
    pids.forEach(
        (name, pid) -> {
          LongStream tree = LongStream.of(pid);
          if (name.equals("postgres")) {
            Stream<ProcessHandle> children =
                ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants);
            tree = LongStream.concat(tree, children.mapToLong(ProcessHandle::pid));
          }
          sizes.put(name, tree.map(MemoryWatch::share).sum());
        });
    return sizes;
  }

  /** 0 of a process that has ended. */
  static long share(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0;
    }
  }
}
