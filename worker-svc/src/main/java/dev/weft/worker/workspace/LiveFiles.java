package dev.weft.worker.workspace;

import dev.weft.worker.app.ArtifactStore;
import dev.weft.worker.app.ArtifactStore.StoredArtifact;
import dev.weft.worker.app.Carrier.Load;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.Halt;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.app.WorkspaceFiles;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.CommandOutcome.Fetched;
import dev.weft.worker.domain.agent.CommandOutcome.Placed;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreePath;
import dev.weft.worker.domain.tree.TreeRules;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Files of one workspace, by way of the worker's cache and the mesh's artifacts. */
final class LiveFiles implements WorkspaceFiles {

  private static final int FILE_MODE = 0644;
  private static final int PROGRAM_MODE = 0755;

  private final ArtifactStore store;
  private final Load load;
  private final Workspace workspace;
  private final TreeRules rules;
  private final StowedTree.Shared shared;

  LiveFiles(
      ArtifactStore store,
      Load load,
      Workspace workspace,
      TreeRules rules,
      StowedTree.Shared shared) {
    this.store = store;
    this.load = load;
    this.workspace = workspace;
    this.rules = rules;
    this.shared = shared;
  }

  @Override
  public Placed put(String artifact, Place place, BooleanSupplier over)
      throws CarryException, HaltedException, IOException, InterruptedException {
    StoredArtifact found = store.find(load.errand(), artifact);
    List<byte[]> path = LivePaths.names(place.path());
    boolean into = path.isEmpty() || place.path().endsWith("/");
    String name = place.name().isEmpty() && !found.tree() ? found.lastName() : place.name();
    try (FilePlacer placer = new FilePlacer(workspace, over)) {
      if (!name.isEmpty() && (into || placer.isDirectory(path))) {
        path.add(LivePaths.name(name));
      }
      return found.tree()
          ? putTree(found, placer, path, over)
          : putFile(single(found, place.executable()), placer, path);
    } catch (TreeException e) {
      throw Refusals.of(e);
    } catch (IOException e) {
      throw Refusals.of(e);
    }
  }

  /** A large one has its turn before it is fetched, and until it is placed. */
  private Placed putTree(
      StoredArtifact found, FilePlacer placer, List<byte[]> path, BooleanSupplier over)
      throws CarryException, HaltedException, IOException, InterruptedException, TreeException {
    LargeTrees.Check check = () -> goOn(load.errand().halt(), over);
    try (LargeTrees.Turn turn = shared.large().turn()) {
      turn.of(0, found.size(), check);
      Tree tree = store.tree(load.errand(), found.id(), found.size());
      turn.of(tree.size(), 0, check);
      rules.check(tree);
      if (!tree.removed().isEmpty()) {
        throw Refusals.notAWorkspace(found.id());
      }
      try (CacheHold blobs = fetched(tree)) {
        return placer.place(tree, path, blobs);
      }
    }
  }

  private Placed putFile(Tree single, FilePlacer placer, List<byte[]> path)
      throws CarryException, HaltedException, IOException, InterruptedException, TreeException {
    rules.check(single);
    List<byte[]> directory = parents(path);
    try (CacheHold blobs = fetched(single)) {
      return placer.place(single.files().getFirst(), directory, path.getLast(), blobs);
    }
  }

  /** What the tree names is here until the answer is closed. */
  private CacheHold fetched(Tree tree)
      throws CarryException, HaltedException, IOException, InterruptedException {
    CacheHold blobs = shared.cache().hold(load.tenant());
    try {
      List<Digest> lacking = blobs.lacking(TreeCarrier.digests(tree));
      if (!lacking.isEmpty()) {
        store.fetch(load.errand(), lacking, blobs);
      }
      return blobs;
    } catch (CarryException
        | HaltedException
        | IOException
        | InterruptedException
        | RuntimeException e) {
      blobs.close();
      throw e;
    }
  }

  /**
   * @throws CarryException if whoever asks is to stop
   */
  static void goOn(Halt halt, BooleanSupplier over) throws CarryException, HaltedException {
    halt.check();
    if (over.getAsBoolean()) {
      throw new CarryException(
          FailureReason.COMMAND_INTERRUPTED, "ended because the agent's body ends");
    }
  }

  private static List<byte[]> parents(List<byte[]> path) throws CarryException {
    if (path.isEmpty()) {
      throw LivePaths.refused("path", "", "a file's, or a directory's with a name");
    }
    return path.subList(0, path.size() - 1);
  }

  private Tree single(StoredArtifact file, boolean executable) throws TreeException {
    Instant now = shared.clock().instant();
    long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    TreePath anything = TreePath.of(new byte[] {'f'});
    return new Tree(
        List.of(
            new TreeEntry.Regular(
                anything,
                executable ? PROGRAM_MODE : FILE_MODE,
                file.size(),
                file.digest(),
                nanos)),
        List.of());
  }

  @Override
  public Fetched take(String path, String storedAs, BooleanSupplier over)
      throws CarryException, HaltedException, IOException, InterruptedException {
    FileTaker taker = new FileTaker(store, load.errand(), workspace.directory(), rules, over);
    try (LargeTrees.Turn turn = shared.large().turn()) {
      return taker.take(LivePaths.names(path), storedAs, turn);
    } catch (TreeException e) {
      throw Refusals.of(e);
    } catch (IOException e) {
      throw Refusals.of(e);
    }
  }
}
