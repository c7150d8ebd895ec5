package dev.weft.worker.workspace;

import dev.weft.worker.app.AgentMemory;
import dev.weft.worker.app.ArtifactStore;
import dev.weft.worker.app.ArtifactStore.Parcel;
import dev.weft.worker.app.ArtifactStore.StoredTree;
import dev.weft.worker.app.Carrier.Keeping;
import dev.weft.worker.app.Carrier.Load;
import dev.weft.worker.app.Carrier.Stowed;
import dev.weft.worker.app.Carrier.Whole;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.app.WorkspaceFiles;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult.Changes;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreePath;
import dev.weft.worker.domain.tree.TreePrint;
import dev.weft.worker.domain.tree.TreeRules;
import dev.weft.worker.linux.FileStat.Kind;
import dev.weft.worker.workspace.ChangeScan.Found;
import dev.weft.worker.workspace.Snapshot.Was;
import dev.weft.worker.workspace.TreeWalk.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One attempt's workspace between its start and its end. One thread. */
final class StowedTree implements Stowed {

  private static final byte[] NO_TARGET = {};
  private static final String SNAPSHOT = "snapshot";
  private static final Duration CHANGES_KEPT = Duration.ofHours(24);

  /**
   * What it has of its worker.
   *
   * @param atEnd run when nothing of the attempt runs any more
   */
  record Shared(InstantSource clock, LargeTrees large, WorkspaceCache cache, Runnable atEnd) {}

  private final ArtifactStore store;
  private final Load load;
  private final Workspace workspace;
  private final TreeRules rules;
  private final Snapshot snapshot;
  private final Shared shared;
  private Tree origin;
  private int size;
  private @Nullable Digest kept;

  StowedTree(
      ArtifactStore store,
      Load load,
      Workspace workspace,
      TreeRules rules,
      Tree origin,
      Shared shared) {
    this.shared = shared;
    this.size = origin.size();
    this.store = store;
    this.load = load;
    this.workspace = workspace;
    this.rules = rules;
    this.snapshot = new Snapshot(workspace.backstage().resolve(SNAPSHOT));
    this.origin = origin;
  }

  @Override
  public void settle() throws CarryException, HaltedException, IOException {
    Map<TreePath, Digest> digests = new HashMap<>();
    origin.files().forEach(file -> digests.put(file.path(), file.digest()));
    origin = Tree.EMPTY;
    if (!load.keep()) {
      return;
    }
    try (Snapshot.Writing writing = snapshot.write();
        TreeWalk walk = new TreeWalk(workspace.directory())) {
      for (Step step = walk.next(); step != null; step = walk.next()) {
        load.errand().halt().check();
        byte[] target =
            step.stat().kind() == Kind.LINK ? step.in().readLink(step.name()) : NO_TARGET;
        Optional<Digest> digest = Optional.ofNullable(digests.get(step.path()));
        writing.add(new Was(step.path(), step.stat(), digest, target));
      }
    } catch (TreeException e) {
      throw Refusals.of(e);
    } catch (IOException e) {
      throw Refusals.of(e);
    }
  }

  @Override
  public Changes take() throws CarryException, HaltedException, IOException, InterruptedException {
    shared.atEnd().run();
    if (!load.keep()) {
      return Changes.NONE;
    }
    Restless restless = new Restless();
    while (true) {
      Found found = scan(restless.left());
      try {
        return store(found);
      } catch (MovedException e) {
        restless.moved(e.path());
      }
    }
  }

  private Found scan(Set<TreePath> unstable) throws CarryException, HaltedException, IOException {
    try {
      return new ChangeScan(workspace.directory(), rules, load.errand().halt(), unstable)
          .against(snapshot);
    } catch (TreeException e) {
      throw Refusals.of(e);
    }
  }

  private Changes store(Found found)
      throws CarryException, HaltedException, IOException, InterruptedException {
    Tree changes = found.changes();
    if (changes.isEmpty()) {
      return new Changes("", 0, found.skipped().failure());
    }
    storeFiles(changes, Optional.empty());
    AttemptKey key = load.errand().lease();
    String name = "changes/" + key.taskId() + "/" + key.number();
    String artifact = store.storeTree(load.errand(), name, changes, CHANGES_KEPT).artifact();
    return new Changes(artifact, changes.size(), found.skipped().failure());
  }

  @Override
  public WorkspaceFiles files() {
    return new LiveFiles(store, load, workspace, rules, shared);
  }

  @Override
  public AgentMemory memory() {
    return new MemoryFolder(workspace);
  }

  @Override
  public Optional<Whole> takeWhole(Keeping keeping)
      throws CarryException, HaltedException, IOException, InterruptedException {
    try (LargeTrees.Turn turn = shared.large().turn()) {
      turn.of(size, 0, load.errand().halt()::check);
      return takeAll(keeping, turn);
    }
  }

  private Optional<Whole> takeAll(Keeping keeping, LargeTrees.Turn turn)
      throws CarryException, HaltedException, IOException, InterruptedException {
    Restless restless = new Restless();
    while (true) {
      WholeScan.Found found = scanWhole(restless.left());
      size = found.tree().size();
      turn.of(size, 0, load.errand().halt()::check);
      Digest print = TreePrint.of(found.tree());
      if (!keeping.forced() && print.equals(kept)) {
        return Optional.empty();
      }
      // Whoever wakes here again finds what was packed here.
      try (CacheHold hold = shared.cache().hold(load.tenant())) {
        storeFiles(found.tree(), Optional.of(hold));
        StoredTree stored =
            store.storeTree(load.errand(), keeping.name(), found.tree(), keeping.lifetime());
        kept = print;
        return Optional.of(new Whole(stored, found.tree().size(), found.skipped().failure()));
      } catch (MovedException e) {
        restless.moved(e.path());
      }
    }
  }

  private WholeScan.Found scanWhole(Set<TreePath> unstable)
      throws CarryException, HaltedException, IOException {
    Path next = workspace.backstage().resolve("snapshot.next");
    Instant now = shared.clock().instant();
    long nowNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    try {
      WholeScan.Found found =
          new WholeScan(workspace.directory(), rules, load.errand().halt(), unstable, nowNanos)
              .against(snapshot, new Snapshot(next));
      Files.move(next, workspace.backstage().resolve(SNAPSHOT), StandardCopyOption.ATOMIC_MOVE);
      return found;
    } catch (TreeException e) {
      throw Refusals.of(e);
    } catch (IOException e) {
      throw Refusals.of(e);
    }
  }

  private void storeFiles(Tree tree, Optional<CacheHold> keep)
      throws CarryException, HaltedException, IOException, InterruptedException {
    List<Parcel> parcels = new ArrayList<>();
    int blobs = 0;
    long bytes = 0;
    for (TreeEntry.Regular file : MissingFiles.among(tree.files(), store, load.errand())) {
      Parcel parcel = new FileParcel(workspace.directory(), file);
      if (keep.isPresent() && suits(file.size(), blobs + 1, bytes + file.size())) {
        blobs++;
        bytes += file.size();
        parcel = new KeptParcel(parcel, keep.get());
      }
      parcels.add(parcel);
    }
    if (!parcels.isEmpty()) {
      store.store(load.errand(), parcels);
    }
  }

  /** What is kept stays until all is packed, so that it may not be much. */
  private boolean suits(long fileSize, int blobs, long bytes) {
    return shared.cache().suits(fileSize) && shared.cache().suitsPack(blobs, bytes);
  }
}
