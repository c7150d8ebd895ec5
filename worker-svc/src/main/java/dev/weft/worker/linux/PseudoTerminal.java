package dev.weft.worker.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * A terminal without a screen: what is written here, a program reads as typed, and what it shows is
 * read here. Reading and writing block, each may be done by one thread; they end when no program
 * has the other side open any more, and only then may this be closed.
 */
public final class PseudoTerminal implements AutoCloseable {

  /** O_RDWR, O_NOCTTY and O_CLOEXEC: it becomes nobody's controlling terminal by being opened. */
  private static final int FLAGS = 2 | 0400 | 02000000;

  private final Libc libc;
  private final int master;
  private final Path device;

  private PseudoTerminal(Libc libc, int master, Path device) {
    this.libc = libc;
    this.master = master;
    this.device = device;
  }

  public static PseudoTerminal open() throws ErrnoException {
    Libc libc = Libc.shared();
    TerminalCalls calls = TerminalCalls.shared();
    int master = calls.open(FLAGS);
    try {
      return new PseudoTerminal(libc, master, Path.of(calls.name(master)));
    } catch (ErrnoException e) {
      libc.close(master);
      throw e;
    }
  }

  /** What a program is given as its terminal. */
  public Path device() {
    return device;
  }

  /** Its programs are told of the change. */
  public void resize(int columns, int rows) throws ErrnoException {
    TerminalCalls.shared().windowSize(master, columns, rows);
  }

  /** Bytes that can be read without waiting. */
  public int readable() throws ErrnoException {
    return TerminalCalls.shared().readable(master);
  }

  /**
   * Reads what programs show; waits until there is something.
   *
   * @throws ErrnoException when nobody has it open any more
   */
  public int read(byte[] into, int offset) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate((long) into.length - offset);
      int length = (int) libc.read(master, buffer);
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, offset, length);
      return length;
    }
  }

  /**
   * Types; waits while the programs take nothing.
   *
   * @throws ErrnoException when nobody has it open any more
   */
  public void write(byte[] bytes) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rest = arena.allocate(bytes.length);
      MemorySegment.copy(bytes, 0, rest, ValueLayout.JAVA_BYTE, 0, bytes.length);
      while (rest.byteSize() > 0) {
        rest = rest.asSlice(libc.write(master, rest));
      }
    }
  }

  @Override
  public void close() {
    libc.close(master);
  }
}
