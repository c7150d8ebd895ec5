package dev.weft.cli.local;

import dev.weft.cli.output.Amounts;
import dev.weft.cli.relay.PrivateFolder;
import dev.weft.cli.relay.Relay;
import dev.weft.cli.relay.Setting;
import dev.weft.parts.ChildProcess;
import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import dev.weft.parts.PartsException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Leaves a resident process behind a command, for the next ones. */
public final class ResidentStarter {
  private static final String MAIN = "dev.weft.cli.resident.Resident";
  private static final String IDLE = "WEFT_RESIDENT_IDLE";

  /** What it keeps, it uses; what it doesn't, it gives back. */
  private static final List<String> SMALL =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xms8m",
          "-Xmx400m",
          "-XX:MinHeapFreeRatio=10",
          "-XX:MaxHeapFreeRatio=25",
          "-Xss512k",
          "-XX:ReservedCodeCacheSize=48m",
          "-XX:+UseCompactObjectHeaders",
          "-XX:TrimNativeHeapInterval=10000",
          "-XX:+ExitOnOutOfMemoryError",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private ResidentStarter() {}

  /**
   * Starts one if none is there; that it can't be started is no failure of the command.
   *
   * @param name of its socket, without the ending; empty means that none is wanted
   * @throws IllegalArgumentException if its patience is no duration
   */
  public static void leaveBehind(String name, Map<String, String> environment, PrintStream err) {
    if (name.isEmpty()) {
      return;
    }
    String idle = Amounts.duration(IDLE, environment.getOrDefault(IDLE, "15m")).toString();
    Path place = Path.of(name);
    try {
      PrivateFolder.madeFor(place);
      if (isFree(place)) {
        ChildProcess.start(launch(place, idle, environment));
      }
    } catch (PrivateFolder.UnsafeFolder e) {
      err.println("weft: no resident process: " + e.getMessage());
    } catch (IOException | PartsException e) {
      // Without one the next command takes as long as this one.
    }
  }

  private static boolean isFree(Path place) throws IOException {
    try (FileChannel file =
            FileChannel.open(
                Path.of(place + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.tryLock()) {
      return lock != null;
    }
  }

  private static Launch launch(Path place, String idle, Map<String, String> environment) {
    Map<String, String> kept = new HashMap<>();
    environment.forEach(
        (name, value) -> {
          if (Setting.holds(name)) {
            kept.put(name, value);
          }
        });
    kept.put("MALLOC_ARENA_MAX", "2");
    for (String name : List.of("PATH", "HOME")) {
      Optional.ofNullable(environment.get(name)).ifPresent(value -> kept.put(name, value));
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SMALL);
    command.add("-D" + Relay.RESIDENT + "=" + place);
    command.add("-Dweft.resident.idle=" + idle);
    for (String name : List.of("weft.root", "weft.umask")) {
      command.add("-D" + name + "=" + System.getProperty(name, ""));
    }
    Path program = Path.of(System.getProperty("java.class.path")).resolveSibling(Relay.PROGRAM);
    command.addAll(List.of("-cp", program.toString(), MAIN));
    return new Launch(
        command, kept, Path.of("/"), Path.of(place + ".log"), Lifetime.DETACHED, Optional.empty());
  }
}
