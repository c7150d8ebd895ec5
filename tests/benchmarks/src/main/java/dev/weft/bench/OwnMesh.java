package dev.weft.bench;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The process that has started a mesh for this program alone, and ends it: when it is closed, when
 * this program is asked to end, and on Linux also when it is killed. Safe for concurrent use.
 */
final class OwnMesh implements AutoCloseable {

  private static final Duration LOOK = Duration.ofMillis(100);

  /** More than it takes to end a mesh whose services write their classes. */
  private static final Duration END = Duration.ofMinutes(3);

  private final Path home;
  private final ChildProcess process;
  private boolean closed;

  private OwnMesh(Path home, ChildProcess process) {
    this.home = home;
    this.process = process;
  }

  /**
   * Returns when the mesh is ready.
   *
   * @param home the mesh's folder, which goes with it
   * @param up a command that runs as long as the mesh, and ends it when it is asked to (SIGTERM)
   * @param ready a file that is there from when the mesh is ready
   * @throws BenchFailure with its words, if it ends before; then the folder stays to be read
   */
  static OwnMesh start(Path home, ProcessBuilder up, Path ready) throws InterruptedException {
    Launch launch =
        new Launch(
            up.command(),
            up.environment(),
            home,
            home.resolve("up.out"),
            Lifetime.FOLLOWER,
            Optional.empty());
    OwnMesh own = new OwnMesh(home, ChildProcess.start(launch));
    Runtime.getRuntime().addShutdownHook(new Thread(own::close, "weft-bench-exit"));
    while (!Files.exists(ready)) {
      if (!own.process.isRunning()) {
        own.leave();
        throw new BenchFailure(
            "the mesh of %s ended while starting: %s".formatted(home, own.process.logTail()));
      }
      Thread.sleep(LOOK);
    }
    return own;
  }

  private synchronized void leave() {
    closed = true;
  }

  /** Ends the mesh, once; returns when it has ended. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!process.stop("TERM", END)) {
      throw new BenchFailure("the mesh of " + home + " was left running: it did not end in time");
    }
    try {
      Mesh.deleteTree(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
