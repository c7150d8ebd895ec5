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
import org.jspecify.annotations.Nullable;

/**
 * Walks a directory in the order of {@link TreePath}, never through a link, whatever a command made
 * of it. What its owner may not read is made readable to him for the look.
 */
final class TreeWalk implements AutoCloseable {

  private static final int OWNER_ALL = 0700;

  /** A name on the way; the directory is open until the next is asked for. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
  record Step(TreePath path, FileStat stat, DirHandle in, byte[] name) {}

  private record Level(
      DirHandle directory, @Nullable Step shut, @Nullable TreePath path, Iterator<byte[]> names) {}

  private final Deque<Level> levels = new ArrayDeque<>();
  private @Nullable Step last;

  TreeWalk(Path root) throws IOException {
    DirHandle top = DirHandle.open(root);
    try {
      levels.push(new Level(top, null, null, sorted(top)));
    } catch (IOException e) {
      top.close();
      throw e;
    }
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
      Step step = new Step(path, level.directory().stat(name), level.directory(), name);
      last = step;
      return step;
    }
  }

  private void enterLast() throws IOException {
    Step step = last;
    last = null;
    if (step == null || step.stat().kind() != FileStat.Kind.DIRECTORY) {
      return;
    }
    boolean shut = (step.stat().mode() & OWNER_ALL) != OWNER_ALL;
    if (shut) {
      step.in().mode(step.name(), OWNER_ALL);
    }
    DirHandle directory = step.in().child(step.name());
    try {
      levels.push(new Level(directory, shut ? step : null, step.path(), sorted(directory)));
    } catch (IOException e) {
      directory.close();
      throw e;
    }
  }

  private static void leave(Level level) throws IOException {
    level.directory().close();
    Step shut = level.shut();
    if (shut != null) {
      shut.in().mode(shut.name(), shut.stat().mode());
    }
  }

  private static Iterator<byte[]> sorted(DirHandle directory) throws ErrnoException {
    List<byte[]> names = directory.list();
    names.sort(Arrays::compareUnsigned);
    return names.iterator();
  }

  @Override
  public void close() {
    levels.forEach(level -> level.directory().close());
    levels.clear();
  }
}
