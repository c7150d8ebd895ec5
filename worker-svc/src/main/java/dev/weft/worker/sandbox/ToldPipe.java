package dev.weft.worker.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The worker's end of the pipe to a command that waits. Where a user has very many pipes the kernel
 * gives a new one a page or two instead of sixteen, so that more must be read while it is written.
 */
final class ToldPipe {

  /** Fits into any pipe that is empty, so that who writes it never waits. */
  private static final int ALWAYS_FITS = 4_096;

  private final OutputStream pipe;
  private final Duration patience;

  /**
   * @param patience how long the reader has for what does not fit at once
   */
  ToldPipe(OutputStream pipe, Duration patience) {
    this.pipe = pipe;
    this.patience = patience;
  }

  /**
   * Writes this and closes the pipe; once.
   *
   * @throws IOException if the reader is gone, or has not taken it in time: then whoever reads must
   *     be ended, which ends the writing, too
   */
  void tell(byte[] words) throws IOException {
    if (words.length <= ALWAYS_FITS) {
      write(words);
      return;
    }
    CompletableFuture<Void> told = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("weft-tell").start(() -> write(words, told));
    try {
      told.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException("what waits has not listened for " + patience, e);
    } catch (ExecutionException e) {
      throw new IOException("what waits does not listen: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while something was told", e);
    }
  }

  private void write(byte[] words, CompletableFuture<Void> told) {
    try {
      write(words);
      told.complete(null);
    } catch (IOException e) {
      told.completeExceptionally(e);
    }
  }

  private void write(byte[] words) throws IOException {
    try (pipe) {
      pipe.write(words);
    }
  }
}
