package dev.weft.worker.sandbox;

import dev.weft.platform.lifecycle.VitalThreads;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The one thread that starts processes. The kernel ties a sandbox's life to the <em>thread</em>
 * that started it, so this one is made once and lives as long as the worker; a pooled or virtual
 * thread would take its sandboxes along when it ends.
 */
public final class LaunchThread {

  private record Launch(ProcessBuilder builder, CompletableFuture<Process> started) {}

  private final BlockingQueue<Launch> queue = new LinkedBlockingQueue<>();

  private LaunchThread() {}

  public static LaunchThread begin() {
    LaunchThread launcher = new LaunchThread();
    VitalThreads.named("weft-launch").start(launcher::run);
    return launcher;
  }

  /** Starts a process from the thread that lives as long as the worker. */
  public Process start(ProcessBuilder builder) throws IOException, InterruptedException {
    Launch launch = new Launch(builder, new CompletableFuture<>());
    queue.add(launch);
    try {
      return launch.started().get();
    } catch (InterruptedException e) {
      // The caller goes; what is started for nobody must not stay.
      launch.started().thenAccept(Process::destroyForcibly);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException("process start", e.getCause());
    }
  }

  /** Ends with the process only: an interrupt is nobody's business here. */
  @SuppressWarnings("InfiniteLoopStatement")
  private void run() {
    while (true) {
      try {
        Launch launch = queue.take();
        try {
          launch.started().complete(launch.builder().start());
        } catch (IOException | RuntimeException e) {
          launch.started().completeExceptionally(e);
        }
      } catch (InterruptedException ignored) {
        // Whoever it was meant for, the sandboxes still need their thread.
      }
    }
  }
}
