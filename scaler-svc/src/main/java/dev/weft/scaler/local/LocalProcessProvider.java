package dev.weft.scaler.local;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.FreePort;
import dev.weft.parts.PartsException;
import dev.weft.parts.PoolRecipe;
import dev.weft.parts.PoolRecipe.Slot;
import dev.weft.parts.PrivateFile;
import dev.weft.parts.ProcessStamp;
import dev.weft.parts.RunFile;
import dev.weft.scaler.app.CapacityException;
import dev.weft.scaler.app.CapacityProvider;
import dev.weft.scaler.domain.pool.PoolName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Workers as processes of this machine, each in a session of its own, so that they outlive the
 * scaler. A run file per worker (process id and start time) leads the next scaler, and {@code weft
 * down}, back to them; a file lock keeps two scalers from starting the same one.
 */
public final class LocalProcessProvider implements CapacityProvider {

  private static final String ROLE = "worker";
  private static final String STOP_SIGNAL = "TERM";

  /** A file lock is between processes only. */
  private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

  private final Path recipes;
  private final Path run;

  /**
   * @param recipes one file per pool, read anew at every use
   * @param run where run files lie
   */
  public LocalProcessProvider(Path recipes, Path run) {
    this.recipes = recipes;
    this.run = run;
  }

  @Override
  public String kind() {
    return PoolRecipe.LOCAL_PROCESS;
  }

  @Override
  public Map<String, String> machines(PoolName pool) {
    Map<String, String> handles = new LinkedHashMap<>();
    for (Slot slot : reading(() -> recipe(pool)).slots()) {
      running(slot.name())
          .ifPresent(file -> handles.put(slot.name(), LocalProcessProvider.handle(file.stamp())));
    }
    return handles;
  }

  @Override
  public void start(PoolName pool, String worker) {
    reading(
        () -> {
          Slot slot = slot(pool, worker);
          try (Lock _ = new Lock(worker)) {
            if (running(worker).isEmpty()) {
              start(slot);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return slot;
        });
  }

  private void start(Slot slot) {
    slot.ports()
        .forEach(
            (purpose, port) -> {
              if (!FreePort.isFree(port)) {
                throw new CapacityException(
                    "port %d, for %s: in use by another program".formatted(port, purpose));
              }
            });
    slot.files()
        .forEach(
            (file, text) -> {
              if (!Files.exists(file)) {
                PrivateFile.write(file, text);
              }
            });
    ChildProcess child = ChildProcess.start(slot.launch());
    new RunFile(slot.name(), ROLE, child.stamp(), slot.launch(), slot.ports(), STOP_SIGNAL)
        .write(run);
  }

  @Override
  public void stop(PoolName pool, String worker, String handle) {
    life(worker, handle).ifPresent(child -> child.signal(STOP_SIGNAL));
  }

  @Override
  public void kill(PoolName pool, String worker, String handle) {
    life(worker, handle).ifPresent(ChildProcess::kill);
  }

  @Override
  public void release(PoolName pool, String worker, String handle) {
    reading(
        () -> {
          RunFile.find(run, worker)
              .filter(file -> handle(file.stamp()).equals(handle) && !file.isRunning())
              .ifPresent(file -> file.delete(run));
          return handle;
        });
  }

  private Optional<ChildProcess> life(String worker, String handle) {
    return reading(
        () ->
            running(worker)
                .filter(file -> handle(file.stamp()).equals(handle))
                .map(file -> ChildProcess.attach(file.stamp(), file.launch().log())));
  }

  private Optional<RunFile> running(String worker) {
    return RunFile.find(run, worker).filter(RunFile::isRunning);
  }

  private PoolRecipe recipe(PoolName pool) {
    return PoolRecipe.read(recipes.resolve(pool + ".json"));
  }

  private Slot slot(PoolName pool, String worker) {
    return recipe(pool).slots().stream()
        .filter(slot -> slot.name().equals(worker))
        .findFirst()
        .orElseThrow(
            () ->
                new CapacityException(
                    "worker: %s (expected: one of the recipe)".formatted(worker)));
  }

  private static String handle(ProcessStamp stamp) {
    return stamp.pid() + "@" + stamp.start();
  }

  /** Whatever is wrong with files and processes, a round must be able to go on. */
  private static <T> T reading(Supplier<T> work) {
    try {
      return work.get();
    } catch (UncheckedIOException | PartsException e) {
      throw new CapacityException(String.valueOf(e.getMessage()), e);
    }
  }

  /** One starter of a name at a time on this machine, whichever process it is in. */
  private final class Lock implements AutoCloseable {

    private final FileChannel channel;
    private final FileLock lock;

    Lock(String worker) throws IOException {
      IN_THIS_PROCESS.lock();
      try {
        channel =
            FileChannel.open(
                run.resolve("." + worker + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        lock = lock(channel, worker);
      } catch (IOException | RuntimeException e) {
        IN_THIS_PROCESS.unlock();
        throw e;
      }
    }

    /** Never waits: a scaler that is paused while it starts one must not stop the others. */
    private static FileLock lock(FileChannel channel, String worker) throws IOException {
      FileLock lock = null;
      try {
        lock = channel.tryLock();
      } finally {
        if (lock == null) {
          channel.close();
        }
      }
      if (lock == null) {
        throw new CapacityException("worker %s: another process is starting it".formatted(worker));
      }
      return lock;
    }

    @Override
    public void close() throws IOException {
      try {
        lock.release();
        channel.close();
      } finally {
        IN_THIS_PROCESS.unlock();
      }
    }
  }
}
