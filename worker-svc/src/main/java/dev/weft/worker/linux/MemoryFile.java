package dev.weft.worker.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Bytes that another process of this user can open like a file and that never touch a disk. They
 * are gone when this is closed and nobody has them open.
 */
public final class MemoryFile implements AutoCloseable {

  private final Libc libc;
  private final int descriptor;

  private MemoryFile(Libc libc, int descriptor) {
    this.libc = libc;
    this.descriptor = descriptor;
  }

  public static MemoryFile of(byte[] content) throws ErrnoException {
    Libc libc = Libc.shared();
    MemoryFile file = new MemoryFile(libc, libc.memory("weft"));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(Math.max(1, content.length));
      MemorySegment.copy(content, 0, bytes, JAVA_BYTE, 0, content.length);
      new FileHandle(libc, file.descriptor).write(bytes.asSlice(0, content.length));
      bytes.fill((byte) 0);
      return file;
    } catch (ErrnoException e) {
      file.close();
      throw e;
    }
  }

  /** Where processes of this user find it while this process has it open. */
  public Path path() {
    return Path.of(
        "/proc", Long.toString(ProcessHandle.current().pid()), "fd", Integer.toString(descriptor));
  }

  @Override
  public void close() {
    libc.close(descriptor);
  }
}
