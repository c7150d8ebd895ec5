package dev.weft.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** What pg_test_fsync measures, where there is none: 8 KB written again and again, and flushed. */
final class Fdatasync {

  private static final int PAGE = 8192;

  private Fdatasync() {}

  /** Flushes per second. */
  static double rate(Path folder, int seconds) throws IOException {
    Path file = Files.createTempFile(folder, "weft-bench-", ".fsync");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
      long begun = System.nanoTime();
      long end = begun + TimeUnit.SECONDS.toNanos(seconds);
      long flushes = 0;
      while (System.nanoTime() < end) {
        channel.write(page.clear(), 0);
        channel.force(false);
        flushes++;
      }
      return flushes / ((System.nanoTime() - begun) / 1e9);
    } finally {
      Files.delete(file);
    }
  }
}
