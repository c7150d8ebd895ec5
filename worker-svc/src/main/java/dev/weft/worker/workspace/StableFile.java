package dev.weft.worker.workspace;

import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.TreePath;
import dev.weft.worker.linux.DirHandle;
import dev.weft.worker.linux.ErrnoException;
import dev.weft.worker.linux.FileHandle;
import dev.weft.worker.linux.FileStat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads files that somebody may be writing to: only what stood still while it was read counts. */
final class StableFile {

  static final int TRIES = 3;
  private static final int OWNER_READ = 0400;

  /** What a file is, taken in one go. */
  record Content(FileStat stat, Digest digest) {}

  private StableFile() {}

  /** Empty if the file changed during each of the tries. */
  static Optional<Content> read(DirHandle in, byte[] name) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      try (FileHandle file = open(in, name)) {
        FileStat before = file.stat();
        Digest digest = Hashing.rest(file);
        FileStat after = file.stat();
        if (after.sameContent(before)) {
          return Optional.of(new Content(after, digest));
        }
      }
    }
    return Optional.empty();
  }

  /** Opens a file by its path; every directory on the way must be one. */
  static FileHandle open(Path root, TreePath path) throws IOException {
    List<byte[]> above = path.topLevel() ? List.of() : path.parent().names();
    try (DirHandle top = DirHandle.open(root);
        DirHandle in = top.descend(above)) {
      return open(in, path.name());
    }
  }

  /** What its owner may not read is readable to him for the moment in which it is opened. */
  private static FileHandle open(DirHandle in, byte[] name) throws IOException {
    try {
      return in.read(name);
    } catch (ErrnoException e) {
      if (!e.denied()) {
        throw e;
      }
      try (DirHandle found = in.locate(name)) {
        int mode = found.stat().mode();
        found.mode(mode | OWNER_READ);
        try {
          return in.read(name);
        } finally {
          found.mode(mode);
        }
      }
    }
  }
}
