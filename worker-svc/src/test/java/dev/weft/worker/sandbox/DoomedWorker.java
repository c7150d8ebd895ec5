package dev.weft.worker.sandbox;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.Executor;
import dev.weft.worker.app.MemoryMesh;
import dev.weft.worker.app.ShellExecutor;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.Resources;
import dev.weft.worker.domain.TokenUse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A process that starts sandboxes without end, so that it is in the middle of starts whenever it is
 * killed. Arguments: data directory, name, incarnation, and a number of seconds to sleep that tells
 * its commands from others.
 */
final class DoomedWorker {

  private static final int AT_ONCE = 3;
  static final int WAITING = 3;

  private DoomedWorker() {}

  private static void keepWarm(SandboxKit kit) {
    kit.bodyPlaces(SandboxRig.LIMITS, WAITING, Runnable::run).orElseThrow().tend();
  }

  public static void main(String[] args) throws Exception {
    SandboxKit kit =
        SandboxKit.open(
            new SandboxKit.Settings(
                Path.of(args[0]),
                args[1],
                Optional.of(InstalledBubblewrap.program()),
                List.of(),
                SandboxRig.LIMITS),
            args[2]);
    ShellExecutor executor =
        new ShellExecutor(
            new ShellExecutor.Setup(
                kit.sandbox().orElseThrow(),
                kit.workspaces(),
                MemoryMesh.nothing().carrying(),
                SandboxRig.LIMITS,
                false,
                Duration.ofMillis(1),
                Ticker.system()));
    Thread.startVirtualThread(() -> keepWarm(kit));
    System.out.println("ready");
    Semaphore places = new Semaphore(AT_ONCE);
    long fence = 0;
    while (true) {
      places.acquire();
      long number = ++fence;
      boolean stays = number % 10 == 0;
      List<String> argv =
          stays
              ? List.of("/bin/sh", "-c", "(setsid sleep " + args[3] + " &); sleep " + args[3])
              : List.of("/bin/sh", "-c", ": " + args[3]);
      executor.start(
          new Assignment(
              new AttemptKey("tsk_doomed", 1, number),
              "t",
              SandboxRig.work(argv, List.of(), Map.of()),
              Resources.NONE,
              Duration.ofMinutes(10),
              ""),
          new Executor.Listener() {
            @Override
            public void started(AttemptKey key) {
              if (stays) {
                places.release();
              }
            }

            @Override
            public void used(AttemptKey key, TokenUse use) {
              // Nothing of it lives long enough to be asked.
            }

            @Override
            public void ended(AttemptResult result) {
              if (!stays) {
                places.release();
              }
            }
          });
    }
  }
}
