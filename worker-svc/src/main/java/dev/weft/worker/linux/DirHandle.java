package dev.weft.worker.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An open directory, and what can be done with one name in it. No name is followed if it is a
 * symbolic link. Names are bytes.
 */
public final class DirHandle implements AutoCloseable {

  private static final boolean ARM = "aarch64".equals(System.getProperty("os.arch"));
  private static final int NO_FOLLOW = ARM ? 0100000 : 0400000;
  private static final int DIRECTORY = ARM ? 040000 : 0200000;
  private static final int PATH_ONLY = 010000000;
  private static final int CLOSE_ON_EXEC = 02000000;
  private static final int NON_BLOCKING = 04000;
  private static final int WRITE_ONLY = 1;
  private static final int CREATE_NEW = 0100 | 0200;
  private static final int CURRENT_DIRECTORY = -100;
  private static final int NAME_OFFSET = 19;
  private static final int LENGTH_OFFSET = 16;
  private static final int UNLIKE_FOLDERS = 0x20000;
  private static final byte[] SELF = {};

  private final Libc libc;
  private final int descriptor;

  private DirHandle(Libc libc, int descriptor) {
    this.libc = libc;
    this.descriptor = descriptor;
  }

  /** Opens a directory of the worker's own; links on the way to it are the worker's business. */
  public static DirHandle open(Path directory) throws ErrnoException {
    Libc libc = Libc.shared();
    byte[] name = directory.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
    return new DirHandle(
        libc, libc.openAt(CURRENT_DIRECTORY, name, DIRECTORY | CLOSE_ON_EXEC | NO_FOLLOW, 0));
  }

  /** Opens a directory in this one. */
  public DirHandle child(byte[] name) throws ErrnoException {
    return new DirHandle(
        libc, libc.openAt(descriptor, name, DIRECTORY | CLOSE_ON_EXEC | NO_FOLLOW, 0));
  }

  /** Opens what the names lead to, each of them a real directory; none leads here. */
  public DirHandle descend(List<byte[]> names) throws ErrnoException {
    DirHandle at =
        new DirHandle(libc, libc.openAt(descriptor, dot(), DIRECTORY | CLOSE_ON_EXEC, 0));
    for (byte[] name : names) {
      try (DirHandle above = at) {
        at = above.child(name);
      }
    }
    return at;
  }

  private static byte[] dot() {
    return new byte[] {'.'};
  }

  public void makeDirectory(byte[] name, int mode) throws ErrnoException {
    libc.makeDirectoryAt(descriptor, name, mode);
  }

  /** Makes a named pipe that is not there yet. */
  public void makePipe(byte[] name, int mode) throws ErrnoException {
    libc.makePipeAt(descriptor, name, mode);
  }

  /** Makes a file that is not there yet, for its owner alone. */
  public FileHandle create(byte[] name) throws ErrnoException {
    int flags = WRITE_ONLY | CREATE_NEW | NO_FOLLOW | CLOSE_ON_EXEC;
    return new FileHandle(libc, libc.openAt(descriptor, name, flags, 0600));
  }

  /** Opens a file for reading; a pipe's other end is not waited for. */
  public FileHandle read(byte[] name) throws ErrnoException {
    return new FileHandle(
        libc, libc.openAt(descriptor, name, NO_FOLLOW | CLOSE_ON_EXEC | NON_BLOCKING, 0));
  }

  public void link(byte[] name, byte[] target) throws ErrnoException {
    libc.linkAt(target, descriptor, name);
  }

  /**
   * Gives something in here a name in another directory of the same file system; a file or a link
   * of that name is replaced, and so is an empty directory by a directory.
   */
  public void rename(byte[] name, DirHandle to, byte[] newName) throws ErrnoException {
    libc.renameAt(descriptor, name, to.descriptor, newName);
  }

  /** Removes anything but a directory. */
  public void remove(byte[] name) throws ErrnoException {
    libc.removeAt(descriptor, name);
  }

  public byte[] readLink(byte[] name) throws ErrnoException {
    return libc.readLinkAt(descriptor, name);
  }

  public FileStat stat(byte[] name) throws ErrnoException {
    return libc.statAt(descriptor, name);
  }

  /** This directory itself. */
  public FileStat stat() throws ErrnoException {
    return libc.statAt(descriptor, SELF);
  }

  /**
   * Gives a file or a directory its permissions, whatever else takes over its name meanwhile.
   *
   * @throws ErrnoException also if the name stands for anything else; then nothing has changed
   */
  public void mode(byte[] name, int mode) throws ErrnoException {
    try (DirHandle found = locate(name)) {
      found.mode(mode);
    }
  }

  /** Gives this its permissions. */
  public void mode(int mode) throws ErrnoException {
    libc.modeOf(descriptor, mode);
  }

  /**
   * Takes hold of a file or a directory without any permission on it: for its stat and its mode,
   * and as a directory for {@link #descend} once it may be read.
   *
   * @throws ErrnoException also if the name stands for anything else
   */
  public DirHandle locate(byte[] name) throws ErrnoException {
    int flags = PATH_ONLY | NO_FOLLOW | CLOSE_ON_EXEC;
    DirHandle found = new DirHandle(libc, libc.openAt(descriptor, name, flags, 0));
    try {
      FileStat.Kind kind = found.stat().kind();
      if (kind != FileStat.Kind.FILE && kind != FileStat.Kind.DIRECTORY) {
        // A link, too, can be opened so; a pipe or a device is nobody's business here.
        throw new ErrnoException("open", ErrnoException.ELOOP);
      }
      return found;
    } catch (ErrnoException e) {
      found.close();
      throw e;
    }
  }

  public void owner(byte[] name, int owner) throws ErrnoException {
    libc.ownAt(descriptor, name, owner);
  }

  public void modified(byte[] name, long nanos) throws ErrnoException {
    libc.timesAt(descriptor, name, nanos);
  }

  /**
   * Says that the folders made in this one have nothing to do with one another. A file system of
   * the ext family then puts each somewhere else; in one place, every new file would have to be
   * found room for among those that were deleted in the last minutes.
   *
   * @throws ErrnoException also where the file system keeps no such flag
   */
  public void scatterFolders() throws ErrnoException {
    libc.addFlags(descriptor, UNLIKE_FOLDERS);
  }

  /**
   * The names but "." and "..", in no order. A directory may have more of them than memory does: no
   * more are read once there are more than these, so that the caller sees it.
   *
   * @param mostBytes of all names together
   */
  public List<byte[]> list(int mostNames, long mostBytes) throws ErrnoException {
    List<byte[]> names = new ArrayList<>();
    long bytes = 0;
    try (Arena arena = Arena.ofConfined();
        DirHandle fresh = descend(List.of())) {
      MemorySegment buffer = arena.allocate(64 * 1024, 8);
      long length = libc.entries(fresh.descriptor, buffer);
      while (length > 0) {
        for (long at = 0; at < length; ) {
          int size = buffer.get(JAVA_SHORT, at + LENGTH_OFFSET) & 0xffff;
          byte[] name = name(buffer.asSlice(at + NAME_OFFSET, size - NAME_OFFSET));
          if (!isDots(name)) {
            names.add(name);
            bytes += name.length;
            if (names.size() > mostNames || bytes > mostBytes) {
              return names;
            }
          }
          at += size;
        }
        length = libc.entries(fresh.descriptor, buffer);
      }
    }
    return names;
  }

  private static byte[] name(MemorySegment text) {
    long length = 0;
    while (text.get(JAVA_BYTE, length) != 0) {
      length++;
    }
    return text.asSlice(0, length).toArray(JAVA_BYTE);
  }

  private static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  @Override
  public void close() {
    libc.close(descriptor);
  }
}
