package dev.weft.cli.local;

import dev.weft.parts.Binary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tries whether bubblewrap may make its namespaces on this machine. */
final class SandboxProbe {
  private SandboxProbe() {}

  /** Empty if it may; else what it said. */
  static String tryOut(Binary bubblewrap) {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    bubblewrap.executable().toString(),
                    "--unshare-all",
                    "--ro-bind",
                    "/",
                    "/",
                    "--proc",
                    "/proc",
                    "--dev",
                    "/dev",
                    "true"))
            .redirectErrorStream(true);
    builder.environment().putAll(bubblewrap.environment());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : "bubblewrap: " + output.strip();
    } catch (IOException e) {
      return "bubblewrap: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "bubblewrap: interrupted";
    }
  }
}
