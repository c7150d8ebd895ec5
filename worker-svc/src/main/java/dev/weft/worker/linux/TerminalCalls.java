package dev.weft.worker.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** The calls of pseudo terminals. */
final class TerminalCalls {

  /** TIOCSWINSZ. */
  private static final long SET_WINDOW_SIZE = 0x5414L;

  /** FIONREAD. */
  private static final long READABLE = 0x541BL;

  private static volatile @Nullable TerminalCalls shared;

  private final MethodHandle open = NativeCall.bind("posix_openpt", JAVA_INT, JAVA_INT);
  private final MethodHandle grant = NativeCall.bind("grantpt", JAVA_INT, JAVA_INT);
  private final MethodHandle unlock = NativeCall.bind("unlockpt", JAVA_INT, JAVA_INT);
  private final MethodHandle name =
      NativeCall.bind("ptsname_r", JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG);

  /** The pointer is variadic. */
  private final MethodHandle ioctl =
      NativeCall.bindVariadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

  private final Libc libc = Libc.shared();

  private TerminalCalls() {}

  /** Made at the first use, never while a native image is built. */
  static TerminalCalls shared() {
    TerminalCalls known = shared;
    if (known == null) {
      known = new TerminalCalls();
      shared = known;
    }
    return known;
  }

  /** Makes a terminal and unlocks its other side; answers its master side. */
  int open(int flags) throws ErrnoException {
    int master =
        (int) NativeCall.run("posix_openpt", (_, state) -> (int) open.invokeExact(state, flags));
    try {
      NativeCall.run("grantpt", (_, state) -> (int) grant.invokeExact(state, master));
      NativeCall.run("unlockpt", (_, state) -> (int) unlock.invokeExact(state, master));
      return master;
    } catch (ErrnoException e) {
      libc.close(master);
      throw e;
    }
  }

  /** The device of a terminal's other side. */
  String name(int master) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(64);
      long error =
          NativeCall.run(
              "ptsname",
              (_, state) -> (int) name.invokeExact(state, master, text, text.byteSize()));
      if (error != 0) {
        throw new ErrnoException("ptsname", (int) error);
      }
      return text.getString(0);
    }
  }

  void windowSize(int terminal, int columns, int rows) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(8, 8);
      size.set(JAVA_SHORT, 0, (short) rows);
      size.set(JAVA_SHORT, 2, (short) columns);
      NativeCall.run(
          "ioctl", (_, state) -> (int) ioctl.invokeExact(state, terminal, SET_WINDOW_SIZE, size));
    }
  }

  /** Bytes that can be read without waiting. */
  int readable(int terminal) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(8, 8);
      NativeCall.run(
          "ioctl", (_, state) -> (int) ioctl.invokeExact(state, terminal, READABLE, count));
      return count.get(JAVA_INT, 0);
    }
  }
}
