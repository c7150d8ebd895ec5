package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.TreeEntry;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A directory that a tree is brought into. Nothing is ever written through a symbolic link, and a
 * file is there whole or not at all.
 */
final class TargetFolder {
  private static final PosixFilePermission[] BITS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };
  private static final int OWNER = 0700;

  private final Path top;

  /** Seen to be real directories in this run. */
  private final Set<ByteString> folders = new HashSet<>();

  TargetFolder(Path top) throws IOException {
    Files.createDirectories(top);
    this.top = top.toRealPath();
  }

  Path top() {
    return top;
  }

  Path path(ByteString relative) {
    return RawNames.resolve(top, relative.toByteArray());
  }

  /** Makes a directory that its owner can fill; its own mode comes at the end. */
  void directory(TreeEntry entry) throws IOException {
    prepareParent(entry.getPath());
    Path folder = path(entry.getPath());
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      folders.remove(entry.getPath());
      Files.deleteIfExists(folder);
      Files.createDirectory(folder);
    }
    Files.setPosixFilePermissions(folder, permissions(entry.getMode() | OWNER));
    folders.add(entry.getPath());
  }

  /** Mode and time, once nothing is written into it any more. */
  void finishDirectory(TreeEntry entry) throws IOException {
    Path folder = path(entry.getPath());
    Files.setLastModifiedTime(folder, time(entry));
    Files.setPosixFilePermissions(folder, permissions(entry.getMode()));
  }

  /** A new file beside the place where it will be. */
  Path temporary(ByteString path) throws IOException {
    prepareParent(path);
    return Files.createTempFile(path(path).getParent(), ".weft-", ".tmp");
  }

  /** Puts a whole file in its place. */
  void place(Path temporary, TreeEntry entry) throws IOException {
    Files.setPosixFilePermissions(temporary, permissions(entry.getMode()));
    Files.setLastModifiedTime(temporary, time(entry));
    Path place = path(entry.getPath());
    clear(place, entry.getPath());
    Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
  }

  void link(TreeEntry entry) throws IOException {
    prepareParent(entry.getPath());
    Path place = path(entry.getPath());
    clear(place, entry.getPath());
    Files.deleteIfExists(place);
    Files.createSymbolicLink(place, RawNames.relative(entry.getTarget().toByteArray()));
    Files.getFileAttributeView(place, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(time(entry), null, null);
  }

  /** What is there, if every directory above it is a real one. */
  Optional<FileStamp.Kind> kind(ByteString path) throws IOException {
    if (!parentIsReal(path)) {
      return Optional.empty();
    }
    try {
      return Optional.of(FileStamp.read(path(path)).kind());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Deletes a file, a link or an empty directory; one that holds other things stays. */
  boolean remove(ByteString path) throws IOException {
    if (!parentIsReal(path)) {
      return false;
    }
    try {
      boolean removed = Files.deleteIfExists(path(path));
      folders.remove(path);
      return removed;
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
  }

  /** An empty directory gives way; a full one is not thrown away. */
  private void clear(Path place, ByteString path) throws IOException {
    folders.remove(path);
    if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.delete(place);
      } catch (DirectoryNotEmptyException e) {
        throw new TreeException(
            RawNames.shown(path.toByteArray()) + " is a directory here that is not empty", e);
      }
    }
  }

  private boolean parentIsReal(ByteString path) throws IOException {
    for (int i = 0; i < path.size(); i++) {
      if (path.byteAt(i) == '/' && !isFolder(path.substring(0, i))) {
        return false;
      }
    }
    return true;
  }

  /** Makes missing parents; refuses those that are something else. */
  private void prepareParent(ByteString path) throws IOException {
    for (int i = 0; i < path.size(); i++) {
      if (path.byteAt(i) == '/') {
        ByteString parent = path.substring(0, i);
        if (!isFolder(parent)) {
          if (Files.exists(path(parent), LinkOption.NOFOLLOW_LINKS)) {
            throw new TreeException(
                RawNames.shown(parent.toByteArray())
                    + " is no directory here (a link?); nothing is written through it");
          }
          Files.createDirectory(path(parent));
          folders.add(parent);
        }
      }
    }
  }

  private boolean isFolder(ByteString path) throws IOException {
    if (folders.contains(path)) {
      return true;
    }
    try {
      boolean real = FileStamp.read(path(path)).kind() == FileStamp.Kind.DIRECTORY;
      if (real) {
        folders.add(path);
      }
      return real;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static FileTime time(TreeEntry entry) {
    return FileTime.from(entry.getModifyTimeNanos(), TimeUnit.NANOSECONDS);
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < BITS.length; bit++) {
      if ((mode & (1 << bit)) != 0) {
        permissions.add(BITS[bit]);
      }
    }
    return permissions;
  }
}
