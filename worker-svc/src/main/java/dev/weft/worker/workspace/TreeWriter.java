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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Makes a tree in an empty directory, or of a like one, in which nobody else writes yet. Every name
 * is made new, in a parent that was opened as a real directory; nothing is followed, nothing is
 * overwritten. Files are copies, so that no command can change what the cache holds.
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
    this(workspace.directory(), workspace.owner(), blobs);
  }

  /**
   * @param directory that is there, with nothing in it or what {@link #lay} made
   * @param owner who everything is for; the worker itself if empty
   */
  TreeWriter(Path directory, OptionalInt owner, CacheHold blobs) throws IOException {
    this.root = DirHandle.open(directory);
    this.blobs = blobs;
    this.owner = owner;
  }

  /** Makes all of it; its rules have been checked and its blobs are there. */
  void write(Tree tree, Halt halt) throws IOException, HaltedException {
    lay(tree, halt);
    finishDirectories();
  }

  /** Makes all of it, but that every directory is still open to the worker alone. */
  void lay(Tree tree, Halt halt) throws IOException, HaltedException {
    for (TreeEntry entry : tree.entries()) {
      halt.check();
      make(entry);
    }
  }

  /** Makes the tree of a like one, with the same directories, which {@link #lay} has made. */
  void become(Tree tree, Likeness was, Halt halt) throws IOException, HaltedException {
    for (TreeEntry entry : tree.entries()) {
      halt.check();
      if (entry instanceof TreeEntry.Directory directory) {
        directories.add(directory);
      } else if (was.has(entry)) {
        if (owner.isPresent()) {
          own(parentOf(entry.path()), entry.path().name());
        }
      } else {
        if (was.has(entry.path())) {
          parentOf(entry.path()).remove(entry.path().name());
        }
        make(entry);
      }
    }
    for (TreePath gone : was.notIn(tree)) {
      parentOf(gone).remove(gone.name());
    }
    finishDirectories();
  }

  private void make(TreeEntry entry) throws IOException {
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

  /** Only now: a directory's time changes with what is made in it, and it may not be writable. */
  private void finishDirectories() throws IOException {
    for (TreeEntry.Directory directory : directories.reversed()) {
      DirHandle in = parentOf(directory.path());
      byte[] name = directory.path().name();
      own(in, name);
      in.mode(name, directory.mode());
      in.modified(name, directory.modifiedNanos());
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
      own(in, name);
      to.mode(file.mode());
    }
    in.modified(name, file.modifiedNanos());
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
