package dev.weft.artifact.blob;

import dev.weft.artifact.app.BlobStore.SmallBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Stores many small files at once: the file system flushes together what is asked for together. */
final class SmallFiles implements AutoCloseable {

  private static final int THREADS = 16;

  private final DirectoryBlobStore store;
  private final ExecutorService threads = threads();

  SmallFiles(DirectoryBlobStore store) {
    this.store = store;
  }

  private static ExecutorService threads() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("small-files-", 0).factory());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  List<String> store(String tenant, List<SmallBlob> blobs) throws IOException {
    List<String> locations = new ArrayList<>();
    List<Callable<Void>> writes = new ArrayList<>();
    Set<Path> directories = new HashSet<>();
    for (SmallBlob blob : blobs) {
      String location = store.newLocation(blob.digest());
      Path file = store.file(tenant, location);
      locations.add(location);
      directories.add(store.directoryOf(file));
      writes.add(() -> write(tenant, blob, file));
    }
    all(directories.stream().<Callable<Void>>map(directory -> () -> make(directory)).toList());
    all(writes);
    all(directories.stream().<Callable<Void>>map(directory -> () -> flush(directory)).toList());
    return locations;
  }

  private Void write(String tenant, SmallBlob blob, Path file) throws IOException {
    try (DirectoryUpload upload = store.begin(tenant)) {
      upload.write(ByteBuffer.wrap(blob.content()));
      upload.flush();
      Durable.move(upload.temporary(), file);
    }
    return null;
  }

  private static Void make(Path directory) throws IOException {
    Durable.directories(directory);
    return null;
  }

  private static Void flush(Path directory) throws IOException {
    Durable.flushDirectory(directory);
    return null;
  }

  /** Waits for all, also when one fails, so that none is still at work afterwards. */
  private void all(List<Callable<Void>> works) throws IOException {
    CompletionService<Void> running = new ExecutorCompletionService<>(threads);
    works.forEach(running::submit);
    IOException failure = null;
    for (int i = 0; i < works.size(); i++) {
      try {
        running.take().get();
      } catch (ExecutionException e) {
        failure = e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    if (failure != null) {
      throw Durable.explained(failure);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
