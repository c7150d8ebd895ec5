package dev.weft.worker.workspace;

import dev.weft.worker.app.Halt;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.domain.tree.TreePath;
import dev.weft.worker.linux.DirHandle;
import dev.weft.worker.linux.FileHandle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Makes a tree in an empty directory in which nobody else writes yet. Every name is made new, in a
 * parent that was opened as a real directory; nothing is followed, nothing is overwritten. Files
 * are copies, so that no command can change what the cache holds.
 */
final class TreeWriter implements AutoCloseable {

  private static final int PRIVATE = 0700;

  private final DirHandle root;
  private final CacheHold blobs;
  private final OptionalInt owner;
  private final List<TreeEntry.Directory> directories = new ArrayList<>();
  private @Nullable TreePath parentPath;
  private @Nullable DirHandle parent;

  TreeWriter(Workspace workspace, CacheHold blobs) throws IOException {
    this.root = DirHandle.open(workspace.directory());
    this.blobs = blobs;
    this.owner = workspace.owner();
  }

  /** Makes all of it; its rules have been checked and its blobs are there. */
  void write(Tree tree, Halt halt) throws IOException, HaltedException {
    for (TreeEntry entry : tree.entries()) {
      halt.check();
      DirHandle in = parentOf(entry.path());
      byte[] name = entry.path().name();
      switch (entry) {
        case TreeEntry.Directory directory -> {
          in.makeDirectory(name, PRIVATE);
          directories.add(directory);
        }
        case TreeEntry.Regular file -> copy(file, in, name);
        case TreeEntry.Link link -> {
          in.link(name, link.target());
          own(in, name);
        }
      }
    }
    // Only now: a directory's time changes with what is made in it, and it may not be writable.
    for (TreeEntry.Directory directory : directories.reversed()) {
      finish(directory.path(), directory.mode(), directory.modifiedNanos());
    }
  }

  private void copy(TreeEntry.Regular file, DirHandle in, byte[] name) throws IOException {
    try (FileHandle to = in.create(name);
        FileHandle from = blobs.read(file.digest())) {
      long copied = to.copyFrom(from);
      if (copied != file.size()) {
        throw new IOException(
            "size of %s: %d (expected: %d)".formatted(file.path(), copied, file.size()));
      }
    }
    finish(in, name, file.mode(), file.modifiedNanos());
  }

  private void finish(TreePath path, int mode, long modified) throws IOException {
    finish(parentOf(path), path.name(), mode, modified);
  }

  private void finish(DirHandle in, byte[] name, int mode, long modified) throws IOException {
    own(in, name);
    in.mode(name, mode);
    in.modified(name, modified);
  }

  private void own(DirHandle in, byte[] name) throws IOException {
    if (owner.isPresent()) {
      in.owner(name, owner.getAsInt());
    }
  }

  /** Entries of one directory mostly come together. */
  private DirHandle parentOf(TreePath path) throws IOException {
    if (path.topLevel()) {
      return root;
    }
    TreePath wanted = path.parent();
    DirHandle known = parent;
    if (known != null && Objects.equals(wanted, parentPath)) {
      return known;
    }
    forget();
    DirHandle opened = root.descend(wanted.names());
    parent = opened;
    parentPath = wanted;
    return opened;
  }

  private void forget() {
    DirHandle known = parent;
    parent = null;
    if (known != null) {
      known.close();
    }
  }

  @Override
  public void close() {
    forget();
    root.close();
  }
}
