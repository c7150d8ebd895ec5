package dev.weft.worker.profile;

import dev.weft.worker.app.HostLoad;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Measures how busy the machine is: CPU since the last look, memory and disk now. */
public final class LoadMeter implements Supplier<HostLoad> {

  private static final int IDLE = 3;
  private static final int IO_WAIT = 4;

  private final Path proc;
  private final Path data;
  private final HostProbe probe;
  private long lastBusy;
  private long lastAll;

  public LoadMeter(Path data) {
    this(Path.of("/proc"), data);
  }

  LoadMeter(Path proc, Path data) {
    this.proc = proc;
    this.data = data;
    this.probe = new HostProbe(proc);
  }

  @Override
  public synchronized HostLoad get() {
    try {
      return new HostLoad(cpu(), memory(), disk());
    } catch (IOException e) {
      return new HostLoad(0, 0, 0);
    }
  }

  private double cpu() throws IOException {
    String[] fields =
        Files.readString(proc.resolve("stat")).lines().findFirst().orElse("").split(" +");
    long all = 0;
    long idle = 0;
    for (int i = 1; i < Math.min(fields.length, 9); i++) {
      long ticks = Long.parseLong(fields[i]);
      all += ticks;
      if (i - 1 == IDLE || i - 1 == IO_WAIT) {
        idle += ticks;
      }
    }
    long busy = all - idle;
    long allDelta = all - lastAll;
    double share = allDelta <= 0 ? 0 : (double) (busy - lastBusy) / allDelta;
    lastAll = all;
    lastBusy = busy;
    return share;
  }

  private double memory() throws IOException {
    long total = probe.memory("MemTotal:");
    return total == 0 ? 0 : 1 - (double) probe.memory("MemAvailable:") / total;
  }

  private double disk() throws IOException {
    FileStore store = Files.getFileStore(data);
    long total = store.getTotalSpace();
    return total == 0 ? 0 : 1 - (double) store.getUsableSpace() / total;
  }
}
