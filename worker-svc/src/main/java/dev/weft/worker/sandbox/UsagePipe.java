package dev.weft.worker.sandbox;

import dev.weft.worker.linux.DirHandle;
import dev.weft.worker.linux.FileHandle;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The named pipe through which an attempt's commands report what they use. It lies beside the
 * workspace, where no command comes, and is opened before any of them runs: nothing of theirs can
 * take its place. What is written and not read yet is bounded by the kernel. Safe for threads.
 */
final class UsagePipe implements AutoCloseable {

  static final String NAME = "usage";

  private final Path path;
  private final FileHandle reader;
  private boolean closed;

  private UsagePipe(Path path, FileHandle reader) {
    this.path = path;
    this.reader = reader;
  }

  /**
   * @param attempt a directory of the worker's own
   * @param owner who may write, where it is not the worker's own user
   */
  static UsagePipe make(Path attempt, OptionalInt owner) throws IOException {
    byte[] name = NAME.getBytes(StandardCharsets.US_ASCII);
    try (DirHandle directory = DirHandle.open(attempt)) {
      directory.makePipe(name, 0600);
      if (owner.isPresent()) {
        directory.owner(name, owner.getAsInt());
      }
      return new UsagePipe(attempt.resolve(NAME), directory.read(name));
    }
  }

  /** What sandboxes are given. */
  Path path() {
    return path;
  }

  /**
   * Reads what is there; never waits.
   *
   * @throws IOException also when it is closed: its number may be another file's by then
   */
  synchronized int read(byte[] into) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(into.length);
      int count = (int) reader.readNow(buffer);
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, 0, count);
      return count;
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      reader.close();
    }
  }
}
