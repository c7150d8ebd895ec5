package dev.weft.worker.workspace;

import dev.weft.worker.app.ArtifactStore;
import dev.weft.worker.app.ArtifactStore.Errand;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.TreeEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Of a tree's files those whose bytes the mesh does not hold yet. */
final class MissingFiles {

  private MissingFiles() {}

  /** Each content once. */
  static List<TreeEntry.Regular> among(
      List<TreeEntry.Regular> files, ArtifactStore store, Errand errand)
      throws CarryException, HaltedException, InterruptedException {
    Set<Digest> digests = new HashSet<>();
    files.forEach(file -> digests.add(file.digest()));
    if (digests.isEmpty()) {
      return List.of();
    }
    Set<Digest> missing = store.missing(errand, digests);
    return files.stream().filter(file -> missing.remove(file.digest())).toList();
  }
}
