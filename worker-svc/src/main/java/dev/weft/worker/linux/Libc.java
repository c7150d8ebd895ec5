package dev.weft.worker.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The file calls that take an open directory and one name as bytes. The JDK's own take whole paths
 * as text, so that a name which is no text is lost, and a directory on the way can be a link.
 */
@SuppressWarnings("restricted") // Native calls are what this class is for.
final class Libc {

  private static final long ERRNO_OFFSET =
      Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private static final long GET_FLAGS = 0x80086601L;
  private static final long SET_FLAGS = 0x40086602L;

  /** TIOCSWINSZ. */
  private static final long SET_WINDOW_SIZE = 0x5414L;

  /** FIONREAD. */
  private static final long READABLE = 0x541BL;

  private final MethodHandle openat = openat();
  private final MethodHandle mkdirat = call("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private final MethodHandle unlinkat = call("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private final MethodHandle symlinkat = call("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private final MethodHandle renameat =
      call("renameat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private final MethodHandle readlinkat =
      call("readlinkat", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private final MethodHandle statx =
      call("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private final MethodHandle fchmodat =
      call("fchmodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private final MethodHandle fchownat =
      call("fchownat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
  private final MethodHandle utimensat =
      call("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private final MethodHandle getdents = call("getdents64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private final MethodHandle read = call("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private final MethodHandle write = call("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private final MethodHandle copy =
      call("copy_file_range", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private final MethodHandle close = call("close", JAVA_INT, JAVA_INT);
  private final MethodHandle ioctl = ioctl();
  private final MethodHandle openTerminal = call("posix_openpt", JAVA_INT, JAVA_INT);
  private final MethodHandle grant = call("grantpt", JAVA_INT, JAVA_INT);
  private final MethodHandle unlock = call("unlockpt", JAVA_INT, JAVA_INT);
  private final MethodHandle terminalName =
      call("ptsname_r", JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG);
  private final MethodHandle memfd = call("memfd_create", JAVA_INT, ADDRESS, JAVA_INT);

  private static volatile @Nullable Libc shared;

  private Libc() {}

  /** Made at the first use, never while a native image is built. */
  static Libc shared() {
    Libc known = shared;
    if (known == null) {
      known = new Libc();
      shared = known;
    }
    return known;
  }

  /** A call under way; its result is read only after errno was. */
  @FunctionalInterface
  private interface Native {
    long make(Arena arena, MemorySegment state) throws Throwable;
  }

  private static MethodHandle call(String name, ValueLayout result, ValueLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /** Directory, name, flags, and the mode, which is variadic. */
  private static MethodHandle openat() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("openat"),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(3));
  }

  /** File, request, and a pointer, which is variadic. */
  private static MethodHandle ioctl() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("ioctl"),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(2));
  }

  private static long run(String name, Native call) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      long result = call.make(arena, state);
      if (result < 0) {
        throw new ErrnoException(name, state.get(JAVA_INT, ERRNO_OFFSET));
      }
      return result;
    } catch (ErrnoException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** As the kernel wants names: with a NUL at the end. */
  private static MemorySegment text(Arena arena, byte[] bytes) {
    MemorySegment text = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return text;
  }

  int openAt(int directory, byte[] name, int flags, int mode) throws ErrnoException {
    return (int)
        run(
            "open",
            (arena, state) ->
                (int) openat.invokeExact(state, directory, text(arena, name), flags, mode));
  }

  void makeDirectoryAt(int directory, byte[] name, int mode) throws ErrnoException {
    run(
        "mkdir",
        (arena, state) -> (int) mkdirat.invokeExact(state, directory, text(arena, name), mode));
  }

  void removeAt(int directory, byte[] name) throws ErrnoException {
    run(
        "unlink",
        (arena, state) -> (int) unlinkat.invokeExact(state, directory, text(arena, name), 0));
  }

  void linkAt(byte[] target, int directory, byte[] name) throws ErrnoException {
    run(
        "symlink",
        (arena, state) ->
            (int) symlinkat.invokeExact(state, text(arena, target), directory, text(arena, name)));
  }

  void renameAt(int directory, byte[] name, int other, byte[] newName) throws ErrnoException {
    run(
        "rename",
        (arena, state) ->
            (int)
                renameat.invokeExact(
                    state, directory, text(arena, name), other, text(arena, newName)));
  }

  byte[] readLinkAt(int directory, byte[] name) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(FileStat.MOST_TARGET);
      long length =
          run(
              "readlink",
              (inner, state) ->
                  (long)
                      readlinkat.invokeExact(
                          state, directory, text(inner, name), target, target.byteSize()));
      return target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /**
   * @param name empty means the open file itself
   */
  FileStat statAt(int directory, byte[] name) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(FileStat.BYTES, 8);
      run(
          "stat",
          (inner, state) ->
              (int)
                  statx.invokeExact(
                      state,
                      directory,
                      text(inner, name),
                      FileStat.FLAGS,
                      FileStat.WANTED,
                      buffer));
      return FileStat.of(buffer);
    }
  }

  /** Of an open file, also of one that was opened for nothing else: never of a name. */
  void modeOf(int file, int mode) throws ErrnoException {
    byte[] itself = ("/proc/self/fd/" + file).getBytes(StandardCharsets.US_ASCII);
    run(
        "chmod",
        (arena, state) -> (int) fchmodat.invokeExact(state, file, text(arena, itself), mode, 0));
  }

  void ownAt(int directory, byte[] name, int owner) throws ErrnoException {
    run(
        "chown",
        (arena, state) ->
            (int)
                fchownat.invokeExact(
                    state, directory, text(arena, name), owner, owner, FileStat.NO_FOLLOW));
  }

  void timesAt(int directory, byte[] name, long modifiedNanos) throws ErrnoException {
    run(
        "utimens",
        (arena, state) -> {
          MemorySegment times = arena.allocate(32, 8);
          for (int offset = 0; offset < 32; offset += 16) {
            times.set(JAVA_LONG, offset, Math.floorDiv(modifiedNanos, FileStat.SECOND));
            times.set(JAVA_LONG, offset + 8, Math.floorMod(modifiedNanos, FileStat.SECOND));
          }
          return (int)
              utimensat.invokeExact(state, directory, text(arena, name), times, FileStat.NO_FOLLOW);
        });
  }

  long entries(int directory, MemorySegment into) throws ErrnoException {
    return run(
        "getdents",
        (arena, state) -> (long) getdents.invokeExact(state, directory, into, into.byteSize()));
  }

  long read(int file, MemorySegment into) throws ErrnoException {
    return run(
        "read", (arena, state) -> (long) read.invokeExact(state, file, into, into.byteSize()));
  }

  long write(int file, MemorySegment from) throws ErrnoException {
    return run(
        "write", (arena, state) -> (long) write.invokeExact(state, file, from, from.byteSize()));
  }

  long copy(int from, int to, long most) throws ErrnoException {
    return run(
        "copy_file_range",
        (arena, state) ->
            (long)
                copy.invokeExact(state, from, MemorySegment.NULL, to, MemorySegment.NULL, most, 0));
  }

  /** Adds to the flags that a file system keeps of a file. */
  void addFlags(int file, int flags) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      // The kernel takes an int, whatever the request's number says of a long.
      MemorySegment value = arena.allocate(Long.BYTES, Long.BYTES);
      run("ioctl", (_, state) -> (int) ioctl.invokeExact(state, file, GET_FLAGS, value));
      value.set(JAVA_INT, 0, value.get(JAVA_INT, 0) | flags);
      run("ioctl", (_, state) -> (int) ioctl.invokeExact(state, file, SET_FLAGS, value));
    }
  }

  /** Makes a terminal and unlocks its other side; answers its master side. */
  int openTerminal(int flags) throws ErrnoException {
    int master =
        (int) run("posix_openpt", (_, state) -> (int) openTerminal.invokeExact(state, flags));
    try {
      run("grantpt", (_, state) -> (int) grant.invokeExact(state, master));
      run("unlockpt", (_, state) -> (int) unlock.invokeExact(state, master));
      return master;
    } catch (ErrnoException e) {
      close(master);
      throw e;
    }
  }

  /** The device of a terminal's other side. */
  String terminalName(int master) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(64);
      long error =
          run(
              "ptsname",
              (_, state) -> (int) terminalName.invokeExact(state, master, name, name.byteSize()));
      if (error != 0) {
        throw new ErrnoException("ptsname", (int) error);
      }
      return name.getString(0);
    }
  }

  void windowSize(int terminal, int columns, int rows) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(8, 8);
      size.set(JAVA_SHORT, 0, (short) rows);
      size.set(JAVA_SHORT, 2, (short) columns);
      run("ioctl", (_, state) -> (int) ioctl.invokeExact(state, terminal, SET_WINDOW_SIZE, size));
    }
  }

  /** Bytes that can be read without waiting. */
  int readable(int file) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(8, 8);
      run("ioctl", (_, state) -> (int) ioctl.invokeExact(state, file, READABLE, count));
      return count.get(JAVA_INT, 0);
    }
  }

  int memory(String name) throws ErrnoException {
    return (int)
        run(
            "memfd_create",
            (arena, state) -> (int) memfd.invokeExact(state, arena.allocateFrom(name), 1));
  }

  void close(int file) {
    try {
      run("close", (arena, state) -> (int) close.invokeExact(state, file));
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }
}
