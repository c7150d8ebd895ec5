package dev.weft.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What figures mean nothing without.
 *
 * @param facts in the order in which they are shown
 */
record Machine(Map<String, String> facts) {

  static Machine here(List<String> arguments, Mesh mesh) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("command", "./weft bench " + String.join(" ", arguments));
    facts.put(
        "machine",
        String.format(
            Locale.ROOT,
            "%d cores (%s), %s memory, %s %s, Java %s",
            Runtime.getRuntime().availableProcessors(),
            line("/proc/cpuinfo", "model name"),
            line("/proc/meminfo", "MemTotal"),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version()));
    Set<String> processes = mesh.processes().keySet();
    if (!processes.isEmpty()) {
      facts.put("mesh", "on this machine: " + String.join(", ", processes));
      facts.put("durability", durability(mesh));
    }
    facts.put("load before", Double.toString(load()));
    return new Machine(facts);
  }

  /** Runnable threads of the whole machine over the last minute. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static String durability(Mesh mesh) {
    Path settings = mesh.home().resolve("pg/postgresql.conf");
    return "fsync=%s, synchronous_commit=%s; an artifact is flushed before its answer"
        .formatted(setting(settings, "fsync"), setting(settings, "synchronous_commit"));
  }

  private static String setting(Path file, String name) {
    return lines(file).stream()
        .filter(line -> line.strip().startsWith(name + " "))
        .map(line -> line.split("=", 2)[1].replaceFirst("#.*", "").strip())
        .reduce((earlier, later) -> later)
        .orElse("on");
  }

  private static String line(String file, String name) {
    return lines(Path.of(file)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.split(":", 2)[1].strip())
        .findFirst()
        .orElse("unknown");
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
