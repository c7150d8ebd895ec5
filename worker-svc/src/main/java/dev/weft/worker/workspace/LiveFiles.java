package dev.weft.worker.workspace;

import dev.weft.worker.app.ArtifactStore;
import dev.weft.worker.app.ArtifactStore.StoredArtifact;
import dev.weft.worker.app.Carrier.Load;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.app.WorkspaceFiles;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreePath;
import dev.weft.worker.domain.tree.TreeRules;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Files of one workspace, by way of the worker's cache and the mesh's artifacts. */
final class LiveFiles implements WorkspaceFiles {

  private static final int FILE_MODE = 0644;
  private static final int PROGRAM_MODE = 0755;

  private final ArtifactStore store;
  private final WorkspaceCache cache;
  private final Load load;
  private final Workspace workspace;
  private final TreeRules rules;
  private final InstantSource clock;

  LiveFiles(
      ArtifactStore store,
      WorkspaceCache cache,
      Load load,
      Workspace workspace,
      TreeRules rules,
      InstantSource clock) {
    this.store = store;
    this.cache = cache;
    this.load = load;
    this.workspace = workspace;
    this.rules = rules;
    this.clock = clock;
  }

  @Override
  public Amount put(String artifact, Place place, BooleanSupplier over)
      throws CarryException, HaltedException, IOException, InterruptedException {
    StoredArtifact found = store.find(load.errand(), artifact);
    List<byte[]> path = LivePaths.names(place.path());
    boolean into = path.isEmpty() || place.path().endsWith("/");
    String name = place.name().isEmpty() && !found.tree() ? found.lastName() : place.name();
    try (FilePlacer placer = new FilePlacer(workspace, over)) {
      if (!name.isEmpty() && (into || placer.isDirectory(path))) {
        path.add(LivePaths.name(name));
      }
      Tree tree =
          found.tree() ? store.tree(load.errand(), artifact) : single(found, place.executable());
      rules.check(tree);
      if (!tree.removed().isEmpty()) {
        throw Refusals.notAWorkspace(artifact);
      }
      return place(placer, tree, found.tree() ? path : parents(path), path);
    } catch (TreeException e) {
      throw Refusals.of(e);
    } catch (IOException e) {
      throw Refusals.of(e);
    }
  }

  /** A file is placed under its own last name, whatever the artifact says. */
  private Amount place(FilePlacer placer, Tree tree, List<byte[]> directory, List<byte[]> path)
      throws CarryException, HaltedException, IOException, InterruptedException {
    try (CacheHold blobs = cache.hold(load.tenant())) {
      List<Digest> lacking = blobs.lacking(TreeCarrier.digests(tree));
      if (!lacking.isEmpty()) {
        store.fetch(load.errand(), lacking, blobs);
      }
      return directory.size() == path.size()
          ? placer.place(tree, directory, blobs)
          : placer.place(tree.files().getFirst(), directory, path.getLast(), blobs);
    }
  }

  private static List<byte[]> parents(List<byte[]> path) throws CarryException {
    if (path.isEmpty()) {
      throw LivePaths.refused("path", "", "a file's, or a directory's with a name");
    }
    return path.subList(0, path.size() - 1);
  }

  private Tree single(StoredArtifact file, boolean executable) throws TreeException {
    Instant now = clock.instant();
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
  public Taken take(String path, String storedAs, BooleanSupplier over)
      throws CarryException, HaltedException, IOException, InterruptedException {
    FileTaker taker = new FileTaker(store, load.errand(), workspace.directory(), rules, over);
    try {
      return taker.take(LivePaths.names(path), storedAs);
    } catch (TreeException e) {
      throw Refusals.of(e);
    } catch (IOException e) {
      throw Refusals.of(e);
    }
  }
}
