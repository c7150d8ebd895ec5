package dev.weft.cli.local;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.RunFile;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/** Processes of a mesh one by one, to see what happens when one dies. */
final class SingleProcesses {
  private static final String WORKER = "worker";
  private static final String SCALER = "scaler";
  private static final Duration SCALER_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(100);

  private final HomeDirectory home;

  SingleProcesses(HomeDirectory home) {
    this.home = home;
  }

  /**
   * Starts one process that was started before, exactly as then; returns once it is there, not once
   * it is ready. A worker of a pool is the scaler's to start, so that is waited for.
   */
  RunFile start(String name) {
    RunFile file = require(name);
    if (file.isRunning()) {
      return file;
    }
    if (file.role().equals(WORKER)
        && MeshOptions.read(home).filter(MeshOptions::scaler).isPresent()) {
      return startedByScaler(name);
    }
    ChildProcess child = ChildProcess.start(file.launch());
    RunFile started =
        new RunFile(
            file.name(),
            file.role(),
            child.stamp(),
            file.launch(),
            file.ports(),
            file.stopSignal());
    started.write(home.run());
    return started;
  }

  private RunFile startedByScaler(String name) {
    long end = System.nanoTime() + SCALER_LIMIT.toNanos();
    while (System.nanoTime() - end < 0) {
      Optional<RunFile> file = RunFile.find(home.run(), name).filter(RunFile::isRunning);
      if (file.isPresent()) {
        return file.get();
      }
      Pauses.pause(POLL);
    }
    throw new MeshFailure(
        "%s belongs to a pool, and the scaler has not started it within %d s (see: weft pools)"
            .formatted(name, SCALER_LIMIT.toSeconds()));
  }

  /**
   * SIGKILL to one process and its descendants; returns whether it had run. Of a scaler only to
   * itself: the workers that it started are processes of their own.
   */
  boolean kill(String name) {
    RunFile file = require(name);
    boolean ran = file.isRunning();
    ChildProcess child = ChildProcess.attach(file.stamp(), file.launch().log());
    if (file.role().equals(SCALER)) {
      child.signal("KILL");
      child.awaitExit(SCALER_LIMIT);
    } else {
      child.kill();
    }
    return ran;
  }

  private RunFile require(String name) {
    return RunFile.find(home.run(), name)
        .orElseThrow(
            () ->
                new MeshFailure(
                    "process: %s (expected one of: %s)"
                        .formatted(
                            name,
                            RunFile.all(home.run()).stream()
                                .map(RunFile::name)
                                .collect(Collectors.joining(", ")))));
  }
}
