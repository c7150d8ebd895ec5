package dev.weft.worker.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The file calls that take an open directory and one name as bytes. The JDK's own take whole paths
 * as text, so that a name which is no text is lost, and a directory on the way can be a link.
 */
final class Libc {

  private static final long GET_FLAGS = 0x80086601L;
  private static final long SET_FLAGS = 0x40086602L;

  /** The mode is variadic. */
  private final MethodHandle openat =
      NativeCall.bindVariadic("openat", 3, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);

  private final MethodHandle mkdirat =
      NativeCall.bind("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private final MethodHandle mkfifoat =
      NativeCall.bind("mkfifoat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private final MethodHandle unlinkat =
      NativeCall.bind("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private final MethodHandle symlinkat =
      NativeCall.bind("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private final MethodHandle renameat =
      NativeCall.bind("renameat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private final MethodHandle readlinkat =
      NativeCall.bind("readlinkat", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private final MethodHandle statx =
      NativeCall.bind("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private final MethodHandle fchmodat =
      NativeCall.bind("fchmodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private final MethodHandle fchownat =
      NativeCall.bind("fchownat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
  private final MethodHandle utimensat =
      NativeCall.bind("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private final MethodHandle getdents =
      NativeCall.bind("getdents64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private final MethodHandle read =
      NativeCall.bind("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private final MethodHandle write =
      NativeCall.bind("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private final MethodHandle copy =
      NativeCall.bind(
          "copy_file_range", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private final MethodHandle close = NativeCall.bind("close", JAVA_INT, JAVA_INT);

  /** The pointer is variadic. */
  private final MethodHandle ioctl =
      NativeCall.bindVariadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

  private final MethodHandle memfd = NativeCall.bind("memfd_create", JAVA_INT, ADDRESS, JAVA_INT);

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

  int openAt(int directory, byte[] name, int flags, int mode) throws ErrnoException {
    return (int)
        NativeCall.run(
            "open",
            (arena, state) ->
                (int)
                    openat.invokeExact(
                        state, directory, NativeCall.text(arena, name), flags, mode));
  }

  void makeDirectoryAt(int directory, byte[] name, int mode) throws ErrnoException {
    NativeCall.run(
        "mkdir",
        (arena, state) ->
            (int) mkdirat.invokeExact(state, directory, NativeCall.text(arena, name), mode));
  }

  void makePipeAt(int directory, byte[] name, int mode) throws ErrnoException {
    NativeCall.run(
        "mkfifo",
        (arena, state) ->
            (int) mkfifoat.invokeExact(state, directory, NativeCall.text(arena, name), mode));
  }

  void removeAt(int directory, byte[] name) throws ErrnoException {
    NativeCall.run(
        "unlink",
        (arena, state) ->
            (int) unlinkat.invokeExact(state, directory, NativeCall.text(arena, name), 0));
  }

  void linkAt(byte[] target, int directory, byte[] name) throws ErrnoException {
    NativeCall.run(
        "symlink",
        (arena, state) ->
            (int)
                symlinkat.invokeExact(
                    state,
                    NativeCall.text(arena, target),
                    directory,
                    NativeCall.text(arena, name)));
  }

  void renameAt(int directory, byte[] name, int other, byte[] newName) throws ErrnoException {
    NativeCall.run(
        "rename",
        (arena, state) ->
            (int)
                renameat.invokeExact(
                    state,
                    directory,
                    NativeCall.text(arena, name),
                    other,
                    NativeCall.text(arena, newName)));
  }

  byte[] readLinkAt(int directory, byte[] name) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(FileStat.MOST_TARGET);
      long length =
          NativeCall.run(
              "readlink",
              (inner, state) ->
                  (long)
                      readlinkat.invokeExact(
                          state,
                          directory,
                          NativeCall.text(inner, name),
                          target,
                          target.byteSize()));
      return target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /**
   * @param name empty means the open file itself
   */
  FileStat statAt(int directory, byte[] name) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(FileStat.BYTES, 8);
      NativeCall.run(
          "stat",
          (inner, state) ->
              (int)
                  statx.invokeExact(
                      state,
                      directory,
                      NativeCall.text(inner, name),
                      FileStat.FLAGS,
                      FileStat.WANTED,
                      buffer));
      return FileStat.of(buffer);
    }
  }

  /** Of an open file, also of one that was opened for nothing else: never of a name. */
  void modeOf(int file, int mode) throws ErrnoException {
    byte[] itself = ("/proc/self/fd/" + file).getBytes(StandardCharsets.US_ASCII);
    NativeCall.run(
        "chmod",
        (arena, state) ->
            (int) fchmodat.invokeExact(state, file, NativeCall.text(arena, itself), mode, 0));
  }

  void ownAt(int directory, byte[] name, int owner) throws ErrnoException {
    NativeCall.run(
        "chown",
        (arena, state) ->
            (int)
                fchownat.invokeExact(
                    state,
                    directory,
                    NativeCall.text(arena, name),
                    owner,
                    owner,
                    FileStat.NO_FOLLOW));
  }

  void timesAt(int directory, byte[] name, long modifiedNanos) throws ErrnoException {
    NativeCall.run(
        "utimens",
        (arena, state) -> {
          MemorySegment times = arena.allocate(32, 8);
          for (int offset = 0; offset < 32; offset += 16) {
            times.set(JAVA_LONG, offset, Math.floorDiv(modifiedNanos, FileStat.SECOND));
            times.set(JAVA_LONG, offset + 8, Math.floorMod(modifiedNanos, FileStat.SECOND));
          }
          return (int)
              utimensat.invokeExact(
                  state, directory, NativeCall.text(arena, name), times, FileStat.NO_FOLLOW);
        });
  }

  long entries(int directory, MemorySegment into) throws ErrnoException {
    return NativeCall.run(
        "getdents",
        (arena, state) -> (long) getdents.invokeExact(state, directory, into, into.byteSize()));
  }

  long read(int file, MemorySegment into) throws ErrnoException {
    return NativeCall.run(
        "read", (arena, state) -> (long) read.invokeExact(state, file, into, into.byteSize()));
  }

  long write(int file, MemorySegment from) throws ErrnoException {
    return NativeCall.run(
        "write", (arena, state) -> (long) write.invokeExact(state, file, from, from.byteSize()));
  }

  long copy(int from, int to, long most) throws ErrnoException {
    return NativeCall.run(
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
      NativeCall.run("ioctl", (_, state) -> (int) ioctl.invokeExact(state, file, GET_FLAGS, value));
      value.set(JAVA_INT, 0, value.get(JAVA_INT, 0) | flags);
      NativeCall.run("ioctl", (_, state) -> (int) ioctl.invokeExact(state, file, SET_FLAGS, value));
    }
  }

  int memory(String name) throws ErrnoException {
    return (int)
        NativeCall.run(
            "memfd_create",
            (arena, state) -> (int) memfd.invokeExact(state, arena.allocateFrom(name), 1));
  }

  void close(int file) {
    try {
      NativeCall.run("close", (arena, state) -> (int) close.invokeExact(state, file));
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }
}
