package dev.weft.worker.sandbox;

import dev.weft.worker.app.Sandbox;
import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.app.Workspaces;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.SecretEnvironment;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.Work.Confinement;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs one command in a new sandbox and looks whether the walls really stand, before any level is
 * advertised.
 */
final class SandboxProbe {

  private static final AttemptKey KEY = new AttemptKey("probe", 1, 0);
  private static final int MAX_BYTES = 64 * 1024;

  /** Enough on a machine that is busy with all the work that it can take. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /** The kernel's own words for: no privileges, none to be had, a filter in force. */
  private static final List<String> WALLS =
      List.of(
          "NoNewPrivs:\t1",
          "Seccomp:\t2",
          "CapEff:\t0000000000000000",
          "CapBnd:\t0000000000000000",
          "Uid:\t" + SystemView.UID);

  private SandboxProbe() {}

  /**
   * What is wrong, or nothing.
   *
   * @param most how long the command may take once it has begun; what takes longer is ended
   */
  static Optional<String> check(
      Sandbox sandbox, Workspaces workspaces, Limits limits, Duration most)
      throws InterruptedException {
    List<String> argv =
        List.of("/bin/sh", "-c", "while read -r l; do echo \"$l\"; done < /proc/self/status");
    Work.Shell work =
        new Work.Shell(
            argv,
            false,
            List.of(),
            Map.of(),
            new byte[0],
            "",
            new Confinement(SandboxLevel.BUBBLEWRAP, NetworkAccess.NONE),
            0);
    try (Workspace workspace = workspaces.open(KEY, work)) {
      SandboxedProcess process =
          sandbox.launch(
              new Command(
                  workspace,
                  argv,
                  "",
                  Map.of(),
                  SecretEnvironment.none(),
                  NetworkAccess.NONE,
                  limits));
      return judge(process, most);
    } catch (SandboxException | IOException | dev.weft.worker.app.InvalidWorkException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> judge(SandboxedProcess process, Duration most)
      throws SandboxException, IOException, InterruptedException {
    AtomicBoolean late = new AtomicBoolean();
    Thread patience = Thread.startVirtualThread(() -> endWhenLate(process, most, late));
    try {
      String status = read(process.stdout());
      String errors = read(process.stderr());
      int exit = process.clear().exitCode();
      if (late.get()) {
        return Optional.of("not over after " + most);
      }
      if (exit != 0) {
        return Optional.of("exit code " + exit + ": " + errors.strip());
      }
      return WALLS.stream()
          .filter(wall -> !status.contains(wall))
          .findFirst()
          .map(wall -> "missing: " + wall);
    } finally {
      patience.interrupt();
    }
  }

  private static void endWhenLate(SandboxedProcess process, Duration most, AtomicBoolean late) {
    try {
      if (!process.awaitEnd(most)) {
        late.set(true);
        process.kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String read(java.io.InputStream stream) throws IOException {
    try (stream) {
      return new String(stream.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    }
  }
}
