package dev.weft.worker.workspace;

import dev.weft.worker.app.Halt;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.LinkTarget;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreePath;
import dev.weft.worker.domain.tree.TreeRules;
import dev.weft.worker.linux.ErrnoException;
import dev.weft.worker.linux.FileStat;
import dev.weft.worker.workspace.Snapshot.Was;
import dev.weft.worker.workspace.TreeWalk.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes down a whole workspace, whoever works in it meanwhile. A file whose stat is that of the
 * last snapshot is not read again, unless it had been touched so shortly before it was read that a
 * later change might bear the same time.
 */
final class WholeScan {

  /** More than the grain of any file system's times. */
  private static final long RACY_NANOS = 2_000_000_000L;

  private static final byte[] NO_TARGET = {};

  /**
   * What was found.
   *
   * @param skipped what can't travel
   */
  record Found(Tree tree, Skipped skipped) {}

  private final Path root;
  private final TreeRules rules;
  private final Halt halt;
  private final Set<TreePath> given;
  private final long nowNanos;
  private final List<TreeEntry> entries = new ArrayList<>();
  private final Skipped skipped = new Skipped();
  private long bytes;

  /**
   * @param given up: files that did not stand still before, and are left out
   * @param nowNanos since 1970, as file systems count
   */
  WholeScan(Path root, TreeRules rules, Halt halt, Set<TreePath> given, long nowNanos) {
    this.root = root;
    this.rules = rules;
    this.halt = halt;
    this.given = given;
    this.nowNanos = nowNanos;
  }

  /** Compares with a snapshot and writes the next one. */
  Found against(Snapshot before, Snapshot after)
      throws IOException, TreeException, HaltedException {
    try (Snapshot.Reading old = before.read();
        Snapshot.Writing fresh = after.write();
        TreeWalk now = new TreeWalk(root)) {
      Was was = old.next();
      for (Step is = now.next(); is != null; is = now.next()) {
        halt.check();
        while (was != null && was.path().compareTo(is.path()) < 0) {
          was = old.next();
        }
        boolean same = was != null && was.path().compareTo(is.path()) == 0;
        takeIfThere(is, same ? was : null, fresh);
        rules.amounts(entries.size(), bytes);
      }
    }
    return new Found(new Tree(entries, List.of()), skipped);
  }

  /** What has gone between its name and its bytes was not there. */
  private void takeIfThere(Step is, @Nullable Was was, Snapshot.Writing fresh) throws IOException {
    try {
      take(is, was, fresh);
    } catch (ErrnoException e) {
      if (!e.moved()) {
        throw e;
      }
    }
  }

  private void take(Step is, @Nullable Was was, Snapshot.Writing fresh) throws IOException {
    FileStat stat = is.stat();
    int mode = stat.mode() & TreeRules.PERMISSIONS;
    switch (stat.kind()) {
      case DIRECTORY -> {
        entries.add(new TreeEntry.Directory(is.path(), mode, stat.modifiedNanos()));
        fresh.add(new Was(is.path(), stat, Optional.empty(), NO_TARGET));
      }
      case LINK -> link(is, fresh);
      case FILE -> file(is, was, fresh);
      case OTHER -> {
        // A pipe or a socket of something that runs: it means nothing anywhere else.
      }
    }
  }

  private void link(Step is, Snapshot.Writing fresh) throws IOException {
    byte[] target = is.in().readLink(is.name());
    if (LinkTarget.staysInside(is.path(), target)) {
      entries.add(new TreeEntry.Link(is.path(), target));
      fresh.add(new Was(is.path(), is.stat(), Optional.empty(), target));
    } else {
      skipped.add(Skipped.Cause.LINK_OUTSIDE, is.path());
    }
  }

  private void file(Step is, @Nullable Was was, Snapshot.Writing fresh) throws IOException {
    FileStat stat = is.stat();
    bytes += stat.size();
    if (bytes > rules.mostBytes()) {
      return;
    }
    Optional<Digest> known =
        was != null && was.stat().sameContent(stat) ? was.digest() : Optional.empty();
    if (known.isEmpty()) {
      Optional<StableFile.Content> content =
          given.contains(is.path()) ? Optional.empty() : StableFile.read(is.in(), is.name());
      if (content.isEmpty()) {
        skipped.add(Skipped.Cause.FILE_UNSTABLE, is.path());
        return;
      }
      bytes += content.get().stat().size() - stat.size();
      stat = content.get().stat();
      known = Optional.of(content.get().digest());
    }
    entries.add(
        new TreeEntry.Regular(
            is.path(),
            stat.mode() & TreeRules.PERMISSIONS,
            stat.size(),
            known.get(),
            stat.modifiedNanos()));
    boolean racy = stat.changedNanos() > nowNanos - RACY_NANOS;
    fresh.add(new Was(is.path(), stat, racy ? Optional.empty() : known, NO_TARGET));
  }
}
