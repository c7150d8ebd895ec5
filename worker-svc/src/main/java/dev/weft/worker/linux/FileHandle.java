package dev.weft.worker.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** An open file. */
public final class FileHandle implements AutoCloseable {

  private static final byte[] SELF = {};
  private static final long STEP = 1L << 30;
  private static final int BUFFER = 256 * 1024;

  private final Libc libc;
  private final int descriptor;

  FileHandle(Libc libc, int descriptor) {
    this.libc = libc;
    this.descriptor = descriptor;
  }

  /** Opens a file of the worker's own for reading. */
  public static FileHandle open(Path file) throws ErrnoException {
    Libc libc = Libc.shared();
    byte[] name = file.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
    return new FileHandle(libc, libc.openAt(-1, name, 02000000, 0));
  }

  public FileStat stat() throws ErrnoException {
    return libc.statAt(descriptor, SELF);
  }

  /** Reads on; 0 at the end. */
  public long read(MemorySegment into) throws ErrnoException {
    return libc.read(descriptor, into);
  }

  /** Reads what is there of a file that was opened so as not to wait; 0 for nothing now. */
  public long readNow(MemorySegment into) throws ErrnoException {
    try {
      return libc.read(descriptor, into);
    } catch (ErrnoException e) {
      if (e.nothingYet()) {
        return 0;
      }
      throw e;
    }
  }

  /** Writes all of it. */
  public void write(MemorySegment from) throws ErrnoException {
    MemorySegment rest = from;
    while (rest.byteSize() > 0) {
      rest = rest.asSlice(libc.write(descriptor, rest));
    }
  }

  /** Writes all that another file has left, within the kernel where it can; answers how much. */
  public long copyFrom(FileHandle source) throws ErrnoException {
    long copied = 0;
    try {
      long step = libc.copy(source.descriptor, descriptor, STEP);
      while (step > 0) {
        copied += step;
        step = libc.copy(source.descriptor, descriptor, STEP);
      }
      return copied;
    } catch (ErrnoException e) {
      if (copied > 0 || !e.unsupported()) {
        throw e;
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER);
      for (long n = source.read(buffer); n > 0; n = source.read(buffer)) {
        write(buffer.asSlice(0, n));
        copied += n;
      }
    }
    return copied;
  }

  /** Gives it its permissions. */
  public void mode(int mode) throws ErrnoException {
    libc.modeOf(descriptor, mode);
  }

  @Override
  public void close() {
    libc.close(descriptor);
  }
}
