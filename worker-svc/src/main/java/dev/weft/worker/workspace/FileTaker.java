package dev.weft.worker.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.worker.app.ArtifactStore;
import dev.weft.worker.app.ArtifactStore.Errand;
import dev.weft.worker.app.ArtifactStore.Parcel;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.CommandOutcome.Fetched;
import dev.weft.worker.domain.agent.CommandOutcome.Kind;
import dev.weft.worker.domain.agent.CommandOutcome.Placed;
import dev.weft.worker.domain.tree.LinkTarget;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreePath;
import dev.weft.worker.domain.tree.TreeRules;
import dev.weft.worker.linux.DirHandle;
import dev.weft.worker.linux.ErrnoException;
import dev.weft.worker.linux.FileStat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Takes a file or a directory out of a workspace in which others write, as an artifact. Files that
 * never stand still are left out and told.
 */
final class FileTaker {

  private static final int OWNER_RUNS = 0100;
  private static final Duration KEPT = Duration.ofHours(24);

  private final ArtifactStore store;
  private final Errand errand;
  private final Path root;
  private final TreeRules rules;
  private final BooleanSupplier over;

  FileTaker(ArtifactStore store, Errand errand, Path root, TreeRules rules, BooleanSupplier over) {
    this.store = store;
    this.errand = errand;
    this.root = root;
    this.rules = rules;
    this.over = over;
  }

  /**
   * @param turn of the tree that a directory becomes
   */
  Fetched take(List<byte[]> path, String storedAs, LargeTrees.Turn turn)
      throws CarryException, HaltedException, IOException, InterruptedException, TreeException {
    if (path.isEmpty()) {
      return directory(path, storedAs, turn);
    }
    FileStat.Kind kind;
    try (DirHandle top = DirHandle.open(root);
        DirHandle in = top.descend(path.subList(0, path.size() - 1))) {
      kind = in.stat(path.getLast()).kind();
    } catch (ErrnoException e) {
      if (e.moved() || e.denied()) {
        throw refused(path, found(e));
      }
      throw e;
    }
    return switch (kind) {
      case FILE -> file(path, storedAs);
      case DIRECTORY -> directory(path, storedAs, turn);
      case LINK -> throw refused(path, "is a symbolic link");
      case OTHER -> throw refused(path, "is a device, pipe or socket");
    };
  }

  private static String found(ErrnoException e) {
    if (e.notThere()) {
      return "is not in the agent's workspace";
    }
    return e.denied()
        ? "can't be read"
        : "leads through a symbolic link, or something else that is no directory";
  }

  private static CarryException refused(List<byte[]> path, String found) {
    return new CarryException(
        new Failure(
            FailureReason.INVALID_FIELD,
            "path: '%s' %s (expected: a file or a directory there)"
                .formatted(LivePaths.shown(path), found),
            Map.of("field", "path")));
  }

  private Fetched file(List<byte[]> path, String storedAs)
      throws CarryException, HaltedException, IOException, InterruptedException, TreeException {
    TreePath whole = TreePath.of(LivePaths.joined(path));
    for (int i = 0; i < StableFile.TRIES; i++) {
      Optional<StableFile.Content> content = read(path);
      if (content.isEmpty()) {
        break;
      }
      FileStat stat = content.get().stat();
      rules.amounts(1, stat.size());
      TreeEntry.Regular file =
          new TreeEntry.Regular(
              whole, 0, stat.size(), content.get().digest(), stat.modifiedNanos());
      try {
        send(List.of(file), List.of());
        String artifact = store.storeFile(errand, storedAs, file.digest(), file.size(), KEPT);
        String name = new String(path.getLast(), UTF_8);
        Kind kind = (stat.mode() & OWNER_RUNS) != 0 ? Kind.EXECUTABLE : Kind.FILE;
        return new Fetched(artifact, kind, name, new Placed(1, file.size()), Optional.empty());
      } catch (MovedException e) {
        // Read anew.
      }
    }
    throw new CarryException(
        FailureReason.CHANGES_INCOMPLETE,
        "path: %s: it changed each time that it was read (expected: a file that stands still)"
            .formatted(LivePaths.shown(path)));
  }

  private Optional<StableFile.Content> read(List<byte[]> path) throws CarryException, IOException {
    try (DirHandle top = DirHandle.open(root);
        DirHandle in = top.descend(path.subList(0, path.size() - 1))) {
      return StableFile.read(in, path.getLast());
    } catch (ErrnoException e) {
      if (e.moved()) {
        throw refused(path, found(e));
      }
      throw e;
    }
  }

  private Fetched directory(List<byte[]> path, String storedAs, LargeTrees.Turn turn)
      throws CarryException, HaltedException, IOException, InterruptedException, TreeException {
    Restless restless = new Restless();
    while (true) {
      Skipped skipped = new Skipped();
      List<TreeEntry> entries = scan(path, restless.left(), skipped, turn);
      Tree tree = new Tree(entries, List.of());
      try {
        send(tree.files(), path);
        String artifact = store.storeTree(errand, storedAs, tree, KEPT).artifact();
        long bytes = tree.files().stream().mapToLong(TreeEntry.Regular::size).sum();
        String name = path.isEmpty() ? "" : new String(path.getLast(), UTF_8);
        Placed amount = new Placed(tree.files().size(), bytes);
        return new Fetched(artifact, Kind.TREE, name, amount, skipped.failure());
      } catch (MovedException e) {
        restless.moved(LivePaths.below(e.path(), path.size()));
      }
    }
  }

  private List<TreeEntry> scan(
      List<byte[]> path, Set<TreePath> unstable, Skipped skipped, LargeTrees.Turn turn)
      throws CarryException, HaltedException, IOException, InterruptedException, TreeException {
    List<TreeEntry> entries = new ArrayList<>();
    long bytes = 0;
    long named = 0;
    try (DirHandle top = DirHandle.open(root);
        TreeWalk walk = new TreeWalk(top.descend(path))) {
      for (TreeWalk.Step step = walk.next(); step != null; step = walk.next()) {
        goOn();
        Optional<TreeEntry> entry = entry(step, unstable, skipped);
        if (entry.isPresent()) {
          entries.add(entry.get());
          bytes += entry.get() instanceof TreeEntry.Regular file ? file.size() : 0;
          named += names(entry.get());
        }
        rules.amounts(entries.size(), bytes);
        turn.of(entries.size(), named, this::goOn);
      }
    }
    return entries;
  }

  private static int names(TreeEntry entry) {
    int target = entry instanceof TreeEntry.Link link ? link.target().length : 0;
    return entry.path().bytes().length + target;
  }

  private void goOn() throws CarryException, HaltedException {
    LiveFiles.goOn(errand.halt(), over);
  }

  private static Optional<TreeEntry> entry(
      TreeWalk.Step step, Set<TreePath> unstable, Skipped skipped) throws IOException {
    FileStat stat = step.stat();
    int mode = stat.mode() & TreeRules.PERMISSIONS;
    try {
      return switch (stat.kind()) {
        case DIRECTORY ->
            Optional.of(new TreeEntry.Directory(step.path(), mode, stat.modifiedNanos()));
        case LINK -> link(step, skipped);
        case FILE -> {
          Optional<StableFile.Content> content =
              unstable.contains(step.path())
                  ? Optional.empty()
                  : StableFile.read(step.in(), step.name());
          if (content.isEmpty()) {
            skipped.add(Skipped.Cause.FILE_UNSTABLE, step.path());
          }
          yield content.map(
              is ->
                  new TreeEntry.Regular(
                      step.path(), mode, is.stat().size(), is.digest(), is.stat().modifiedNanos()));
        }
        case OTHER -> Optional.empty();
      };
    } catch (ErrnoException e) {
      if (e.moved()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Optional<TreeEntry> link(TreeWalk.Step step, Skipped skipped) throws IOException {
    byte[] target = step.in().readLink(step.name());
    if (LinkTarget.staysInside(step.path(), target)) {
      return Optional.of(new TreeEntry.Link(step.path(), target));
    }
    skipped.add(Skipped.Cause.LINK_OUTSIDE, step.path());
    return Optional.empty();
  }

  private void send(List<TreeEntry.Regular> files, List<byte[]> above)
      throws CarryException, HaltedException, IOException, InterruptedException, TreeException {
    goOn();
    List<Parcel> parcels = new ArrayList<>();
    for (TreeEntry.Regular file : MissingFiles.among(files, store, errand)) {
      parcels.add(new FileParcel(root, LivePaths.under(above, file)));
    }
    if (!parcels.isEmpty()) {
      store.store(errand, parcels);
    }
  }
}
