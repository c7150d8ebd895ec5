package dev.weft.worker.workspace;

import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreePath;
import dev.weft.worker.domain.tree.TreeRules;
import dev.weft.worker.linux.DirHandle;
import dev.weft.worker.linux.ErrnoException;
import dev.weft.worker.linux.FileStat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks a directory in the order of {@link TreePath}, never through a link, whatever a command made
 * of it. What its owner may not read is made readable to him for the look.
 */
final class TreeWalk implements AutoCloseable {

  private static final int OWNER_LOOKS = 0500;
  private static final long MOST_NAME_BYTES = 64L << 20;

  /** What an array and the reference to it cost besides. */
  private static final int ARRAY_BYTES = 24;

  /** A name on the way; the directory is open until the next is asked for. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
  record Step(TreePath path, FileStat stat, DirHandle in, byte[] name) {}

  private record Level(
      DirHandle directory,
      @Nullable Integer shut,
      @Nullable TreePath path,
      Iterator<byte[]> names,
      long bytes) {}

  private final int mostNames;
  private final long mostBytes;
  private final Deque<Level> levels = new ArrayDeque<>();
  private long bytes;
  private @Nullable Step last;

  TreeWalk(Path root) throws IOException, TreeException {
    this(root, TreeRules.MOST_ENTRIES, MOST_NAME_BYTES);
  }

  /**
   * @param mostNames in one directory
   * @param mostBytes that the names in all open directories may take
   */
  TreeWalk(Path root, int mostNames, long mostBytes) throws IOException, TreeException {
    this(DirHandle.open(root), mostNames, mostBytes);
  }

  /**
   * @param root closed with this
   */
  TreeWalk(DirHandle root) throws IOException, TreeException {
    this(root, TreeRules.MOST_ENTRIES, MOST_NAME_BYTES);
  }

  private TreeWalk(DirHandle root, int mostNames, long mostBytes)
      throws IOException, TreeException {
    this.mostNames = mostNames;
    this.mostBytes = mostBytes;
    enter(root, null, null);
  }

  /** The next name; null at the end. */
  @Nullable Step next() throws IOException, TreeException {
    enterLast();
    while (true) {
      Level level = levels.peek();
      if (level == null) {
        return null;
      }
      if (!level.names().hasNext()) {
        leave(levels.pop());
        continue;
      }
      byte[] name = level.names().next();
      TreePath above = level.path();
      TreePath path = above == null ? TreePath.of(name) : above.child(name);
      TreeRules.depth(path);
      Optional<FileStat> stat = stat(level.directory(), name);
      if (stat.isPresent()) {
        Step step = new Step(path, stat.get(), level.directory(), name);
        last = step;
        return step;
      }
    }
  }

  /** Empty if it has gone since its name was read, as it may where commands run. */
  private static Optional<FileStat> stat(DirHandle in, byte[] name) throws IOException {
    try {
      return Optional.of(in.stat(name));
    } catch (ErrnoException e) {
      if (e.notThere()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void enterLast() throws IOException, TreeException {
    Step step = last;
    last = null;
    if (step == null || step.stat().kind() != FileStat.Kind.DIRECTORY) {
      return;
    }
    try {
      if ((step.stat().mode() & OWNER_LOOKS) == OWNER_LOOKS) {
        enter(step.in().child(step.name()), null, step.path());
      } else {
        enterShut(step);
      }
    } catch (ErrnoException e) {
      if (!e.moved()) {
        throw e;
      }
    }
  }

  /** The name may have become another's by now: all is done to the one directory taken hold of. */
  private void enterShut(Step step) throws IOException, TreeException {
    try (DirHandle found = step.in().locate(step.name())) {
      FileStat stat = found.stat();
      if (stat.kind() != FileStat.Kind.DIRECTORY) {
        return;
      }
      int mode = stat.mode();
      found.mode(mode | OWNER_LOOKS);
      enter(found.descend(List.of()), mode, step.path());
    }
  }

  private void enter(DirHandle directory, @Nullable Integer shut, @Nullable TreePath path)
      throws IOException, TreeException {
    try {
      List<byte[]> names = directory.list(mostNames, mostBytes - bytes);
      long taken = 0;
      for (byte[] name : names) {
        taken += name.length + ARRAY_BYTES;
      }
      TreeRules.names(names.size(), mostNames, bytes + taken, mostBytes);
      names.sort(Arrays::compareUnsigned);
      levels.push(new Level(directory, shut, path, names.iterator(), taken));
      bytes += taken;
    } catch (IOException | TreeException e) {
      directory.close();
      throw e;
    }
  }

  private void leave(Level level) throws IOException {
    bytes -= level.bytes();
    try (DirHandle directory = level.directory()) {
      Integer shut = level.shut();
      if (shut != null) {
        directory.mode(shut);
      }
    }
  }

  @Override
  public void close() {
    levels.forEach(level -> level.directory().close());
    levels.clear();
  }
}
