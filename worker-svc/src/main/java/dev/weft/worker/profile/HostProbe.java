package dev.weft.worker.profile;

import dev.weft.worker.domain.WorkerProfile.Gpu;
import dev.weft.worker.domain.WorkerProfile.Hardware;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks what the machine has. */
public final class HostProbe {

  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long TOOL_SECONDS = 10;

  private final Path proc;

  public HostProbe() {
    this(Path.of("/proc"));
  }

  HostProbe(Path proc) {
    this.proc = proc;
  }

  /**
   * @param data where the attempts' disk is
   */
  public Hardware hardware(Path data) throws IOException, InterruptedException {
    return new Hardware(
        Runtime.getRuntime().availableProcessors() * 1000,
        memory("MemTotal:"),
        Files.getFileStore(data).getUsableSpace(),
        gpus());
  }

  /** A line's number of /proc/meminfo, in bytes. */
  long memory(String name) throws IOException {
    for (String line : Files.readAllLines(proc.resolve("meminfo"))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.substring(name.length()).replace("kB", "").strip()) * KIB;
      }
    }
    return 0;
  }

  private static List<Gpu> gpus() throws InterruptedException {
    try {
      Process tool =
          new ProcessBuilder(
                  "nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!tool.waitFor(TOOL_SECONDS, TimeUnit.SECONDS)) {
        tool.destroyForcibly();
        return List.of();
      }
      return tool.exitValue() == 0 ? parseGpus(answer) : List.of();
    } catch (IOException e) {
      // The machine has no such tool, and so none of its processors.
      return List.of();
    }
  }

  static List<Gpu> parseGpus(String answer) {
    List<Gpu> gpus = new ArrayList<>();
    for (String line : answer.lines().toList()) {
      int comma = line.lastIndexOf(',');
      String memory = line.substring(comma + 1).strip();
      if (comma > 0 && memory.matches("[0-9]+")) {
        gpus.add(new Gpu(line.substring(0, comma).strip(), Long.parseLong(memory) * MIB));
      }
    }
    return gpus;
  }
}
