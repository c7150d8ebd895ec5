package dev.weft.artifact.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Flushes a file beside its writer, one flush at a time. The kernel tells a failed write-back to
 * one flush only, so a failure here is the file's failure. Not for several threads.
 */
final class EarlyFlush {

  private static final long EVERY_BYTES = 32L << 20;

  private final FileChannel channel;
  private long unflushed;
  private @Nullable FutureTask<@Nullable Void> running;

  EarlyFlush(FileChannel channel) {
    this.channel = channel;
  }

  /** So many bytes more are in the file. */
  void written(int bytes) throws IOException {
    unflushed += bytes;
    if (unflushed < EVERY_BYTES || (running != null && !running.isDone())) {
      return;
    }
    end();
    unflushed = 0;
    running = new FutureTask<>(flush());
    Thread.startVirtualThread(running);
  }

  private Callable<@Nullable Void> flush() {
    return () -> {
      channel.force(false);
      return null;
    };
  }

  /** Waits for the flush that runs, if one does. */
  void end() throws IOException {
    FutureTask<@Nullable Void> last = running;
    running = null;
    if (last == null) {
      return;
    }
    try {
      last.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
