package dev.weft.artifact.store.output;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Work that waits for files, on virtual threads, so many at once. */
public final class Waiting implements AutoCloseable {

  private final ExecutorService threads;
  private final Semaphore permits;

  public Waiting(String name, int atOnce) {
    threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("output-" + name, 0).factory());
    permits = new Semaphore(atOnce);
  }

  /** Never runs in the caller's thread. */
  <T> CompletionStage<T> run(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            permits.acquire();
            try {
              result.complete(work.call());
            } finally {
              permits.release();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result.completeExceptionally(e);
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
