package dev.weft.worker.workspace;

import dev.weft.worker.app.Halt;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.domain.tree.LinkTarget;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreePath;
import dev.weft.worker.domain.tree.TreeRules;
import dev.weft.worker.linux.FileStat;
import dev.weft.worker.linux.FileStat.Kind;
import dev.weft.worker.workspace.Snapshot.Was;
import dev.weft.worker.workspace.TreeWalk.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is different from a snapshot: walks both in one order, looks at times and sizes first,
 * and reads only files of which those differ. The tree that comes of it stands for itself: the
 * directories above a change are in it, changed or not.
 */
final class ChangeScan {

  /**
   * What was found.
   *
   * @param skipped what can't travel
   */
  record Found(Tree changes, Skipped skipped) {}

  private final Path root;
  private final TreeRules rules;
  private final Halt halt;
  private final Set<TreePath> given;
  private final List<TreeEntry> entries = new ArrayList<>();
  private final List<TreePath> removed = new ArrayList<>();
  private final Deque<TreeEntry.Directory> above = new ArrayDeque<>();
  private final Skipped skipped = new Skipped();
  private long bytes;

  /**
   * @param given up: files that did not stand still before, and are left out
   */
  ChangeScan(Path root, TreeRules rules, Halt halt, Set<TreePath> given) {
    this.root = root;
    this.rules = rules;
    this.halt = halt;
    this.given = given;
  }

  Found against(Snapshot snapshot) throws IOException, TreeException, HaltedException {
    try (Snapshot.Reading before = snapshot.read();
        TreeWalk now = new TreeWalk(root)) {
      Was was = before.next();
      Step is = now.next();
      while (was != null || is != null) {
        halt.check();
        int order = order(was, is);
        if (order < 0 && was != null) {
          removed.add(was.path());
        } else if (is != null) {
          look(is, order == 0 ? was : null);
        }
        rules.amounts(entries.size() + (long) removed.size(), bytes);
        was = order <= 0 ? before.next() : was;
        is = order >= 0 ? now.next() : is;
      }
    }
    Collections.reverse(removed);
    return new Found(new Tree(entries, removed), skipped);
  }

  private static int order(@Nullable Was was, @Nullable Step is) {
    if (was == null) {
      return 1;
    }
    return is == null ? -1 : was.path().compareTo(is.path());
  }

  private void look(Step is, @Nullable Was was) throws IOException {
    leaveDirectories(is.path());
    FileStat stat = is.stat();
    int mode = stat.mode() & TreeRules.PERMISSIONS;
    switch (stat.kind()) {
      case DIRECTORY -> {
        var directory = new TreeEntry.Directory(is.path(), mode, stat.modifiedNanos());
        if (was == null || was.stat().kind() != Kind.DIRECTORY || changedMode(was, stat)) {
          add(directory);
        } else {
          above.push(directory);
        }
      }
      case LINK -> link(is, was);
      case FILE -> file(is, was, mode);
      case OTHER -> {
        if (was != null) {
          removed.add(is.path());
        }
      }
    }
  }

  private void link(Step is, @Nullable Was was) throws IOException {
    byte[] target = is.in().readLink(is.name());
    if (was != null && was.stat().kind() == Kind.LINK && Arrays.equals(was.target(), target)) {
      return;
    }
    if (LinkTarget.staysInside(is.path(), target)) {
      add(new TreeEntry.Link(is.path(), target));
    } else {
      skipped.add(Skipped.Cause.LINK_OUTSIDE, is.path());
    }
  }

  private void file(Step is, @Nullable Was was, int mode) throws IOException {
    FileStat stat = is.stat();
    if (was != null && was.stat().sameContent(stat) && !changedMode(was, stat)) {
      return;
    }
    if (bytes + stat.size() > rules.mostBytes()) {
      bytes += stat.size();
      return;
    }
    Optional<StableFile.Content> content =
        given.contains(is.path()) ? Optional.empty() : StableFile.read(is.in(), is.name());
    if (content.isEmpty()) {
      skipped.add(Skipped.Cause.FILE_UNSTABLE, is.path());
      return;
    }
    FileStat read = content.get().stat();
    boolean same =
        was != null
            && was.digest().filter(content.get().digest()::equals).isPresent()
            && !changedMode(was, stat);
    if (!same) {
      bytes += read.size();
      add(
          new TreeEntry.Regular(
              is.path(), mode, read.size(), content.get().digest(), read.modifiedNanos()));
    }
  }

  private static boolean changedMode(Was was, FileStat stat) {
    return ((was.stat().mode() ^ stat.mode()) & TreeRules.PERMISSIONS) != 0;
  }

  private void add(TreeEntry entry) {
    entries.addAll(List.copyOf(above).reversed());
    above.clear();
    entries.add(entry);
  }

  /** Directories that the walk has left without finding a change in them. */
  private void leaveDirectories(TreePath next) {
    while (!above.isEmpty() && !next.isBelow(above.peek().path())) {
      above.pop();
    }
  }
}
