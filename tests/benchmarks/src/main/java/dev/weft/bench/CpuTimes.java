package dev.weft.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Processor time that processes have taken so far, by name, in seconds. It is the steadier figure
 * on a noisy machine.
 */
record CpuTimes(Map<String, Double> seconds) {

  private static final double TICKS_PER_SECOND = 100.0;
  private static final int USER = 11;
  private static final int CHILDREN_SYSTEM = 14;

  /** The mesh's own processes, and this one, which submits. */
  static CpuTimes of(Mesh mesh) {
    Map<String, Double> all = new LinkedHashMap<>();
    mesh.processes()
        .forEach((name, pid) -> all.put(name, name.equals("postgres") ? tree(pid) : own(pid)));
    all.put("client", own(ProcessHandle.current().pid()));
    return new CpuTimes(all);
  }

  /** These with all their children. */
  static CpuTimes ofTrees(Map<String, Long> pids) {
    Map<String, Double> all = new LinkedHashMap<>();
    pids.forEach((name, pid) -> all.put(name, tree(pid)));
    return new CpuTimes(all);
  }

  /** What each took since then, in µs, for each of so many tasks. */
  Map<String, Double> perTask(CpuTimes before, long tasks) {
    Map<String, Double> micros = new LinkedHashMap<>();
    seconds.forEach(
        (name, now) -> {
          double more = now - before.seconds.getOrDefault(name, 0.0);
          micros.put(name, more * 1e6 / tasks);
        });
    return micros;
  }

  /** What each took since then, in seconds. */
  Map<String, Double> since(CpuTimes before) {
    Map<String, Double> more = new LinkedHashMap<>();
    seconds.forEach((name, now) -> more.put(name, now - before.seconds.getOrDefault(name, 0.0)));
    return more;
  }

  /** What each took since then, as a share of one core in percent. */
  Map<String, Double> shares(CpuTimes before, double elapsed) {
    Map<String, Double> percent = new LinkedHashMap<>();
    seconds.forEach(
        (name, now) ->
            percent.put(name, (now - before.seconds.getOrDefault(name, 0.0)) / elapsed * 100));
    return percent;
  }

  private static double own(long pid) {
    return ticks(pid, 2) / TICKS_PER_SECOND;
  }

  /** With those children that have ended, which their parent has waited for. */
  private static double tree(long pid) {
    Stream<ProcessHandle> below =
        ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants);
    LongStream all = LongStream.concat(LongStream.of(pid), below.mapToLong(ProcessHandle::pid));
    return all.mapToDouble(one -> ticks(one, CHILDREN_SYSTEM - USER + 1)).sum() / TICKS_PER_SECOND;
  }

  /** User and system time; with four fields also those of ended children. 0 of one that is gone. */
  private static double ticks(long pid, int fields) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The name, in brackets, may hold anything.
      String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      double sum = 0;
      for (int i = USER; i < USER + fields; i++) {
        sum += Long.parseLong(words[i]);
      }
      return sum;
    } catch (IOException e) {
      return 0;
    }
  }
}
