package dev.weft.worker.workspace;

import dev.weft.worker.app.ArtifactStore;
import dev.weft.worker.app.Carrier;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.Halt;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreeRules;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Carries workspaces as trees: through the cache to the worker, and back what changed. */
public final class TreeCarrier implements Carrier {

  private final ArtifactStore store;
  private final WorkspaceCache cache;
  private final SpareTrees spares;
  private final InstantSource clock;
  private final LargeTrees large;

  public TreeCarrier(
      ArtifactStore store, WorkspaceCache cache, SpareTrees spares, InstantSource clock) {
    this(store, cache, spares, clock, new LargeTrees());
  }

  TreeCarrier(
      ArtifactStore store,
      WorkspaceCache cache,
      SpareTrees spares,
      InstantSource clock,
      LargeTrees large) {
    this.large = large;
    this.clock = clock;
    this.store = store;
    this.cache = cache;
    this.spares = spares;
  }

  @Override
  public Stowed bring(Load load, Workspace workspace)
      throws CarryException, HaltedException, IOException, InterruptedException {
    TreeRules rules = new TreeRules(TreeRules.MOST_ENTRIES, load.mostBytes());
    Tree tree = Tree.EMPTY;
    Runnable atEnd = () -> {};
    if (!load.artifact().isEmpty()) {
      try {
        tree = unpack(load, workspace, rules);
        atEnd = spares.begun(load.tenant(), tree);
      } catch (TreeException e) {
        throw Refusals.of(e);
      } catch (IOException e) {
        throw Refusals.of(e);
      }
    }
    return new StowedTree(
        store, load, workspace, rules, tree, new StowedTree.Shared(clock, large, cache, atEnd));
  }

  private Tree unpack(Load load, Workspace workspace, TreeRules rules)
      throws CarryException, HaltedException, IOException, InterruptedException, TreeException {
    try (LargeTrees.Turn turn = large.turn()) {
      Tree tree = fetched(load, turn);
      rules.check(tree);
      if (!tree.removed().isEmpty()) {
        throw Refusals.notAWorkspace(load.artifact());
      }
      try (CacheHold blobs = cache.hold(load.tenant())) {
        List<Digest> lacking = blobs.lacking(digests(tree));
        if (!lacking.isEmpty()) {
          store.fetch(load.errand(), lacking, blobs);
        }
        write(load, tree, workspace, blobs);
      }
      return tree;
    }
  }

  /** A large one is not fetched before its turn; that it is large is told with its first bytes. */
  private Tree fetched(Load load, LargeTrees.Turn turn)
      throws CarryException, HaltedException, InterruptedException {
    Tree tree;
    try {
      tree = store.tree(load.errand(), load.artifact(), LargeTrees.BYTES - 1);
    } catch (CarryException e) {
      if (e.failure().reason() != FailureReason.WORKSPACE_TOO_LARGE) {
        throw e;
      }
      turn.of(0, LargeTrees.BYTES, load.errand().halt()::check);
      tree = store.tree(load.errand(), load.artifact(), Long.MAX_VALUE);
    }
    turn.of(tree.size(), 0, load.errand().halt()::check);
    return tree;
  }

  private void write(Load load, Tree tree, Workspace workspace, CacheHold blobs)
      throws IOException, HaltedException {
    Halt halt = load.errand().halt();
    Optional<SpareTree> found = spares.take(load.tenant(), tree);
    if (found.isPresent()) {
      try (SpareTree spare = found.get()) {
        if (spare.become(workspace, tree, blobs, halt)) {
          return;
        }
      }
    }
    try (TreeWriter writer = new TreeWriter(workspace, blobs)) {
      writer.write(tree, halt);
    }
  }

  /** Each once; sorted, since a set of them takes much more memory. */
  static List<Digest> digests(Tree tree) {
    List<Digest> digests = new ArrayList<>();
    for (TreeEntry entry : tree.entries()) {
      if (entry instanceof TreeEntry.Regular file) {
        digests.add(file.digest());
      }
    }
    Collections.sort(digests);
    List<Digest> distinct = new ArrayList<>();
    for (Digest digest : digests) {
      if (distinct.isEmpty() || !digest.equals(distinct.getLast())) {
        distinct.add(digest);
      }
    }
    return distinct;
  }
}
