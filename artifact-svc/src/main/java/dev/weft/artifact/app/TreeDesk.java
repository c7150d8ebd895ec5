package dev.weft.artifact.app;

import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.tree.InvalidTree;
import dev.weft.artifact.domain.tree.TreeRules;
import dev.weft.platform.error.MeshException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Reads trees before they become artifacts: nobody shall fetch one that can't be unpacked. */
final class TreeDesk {

  private static final int AT_ONCE = 2;
  private static final int BATCH = 10_000;

  private final BlobDesk blobs;
  private final TreeReader reader;
  private final Semaphore reading = new Semaphore(AT_ONCE);

  TreeDesk(BlobDesk blobs, TreeReader reader) {
    this.blobs = blobs;
    this.reader = reader;
  }

  /**
   * The blobs that a stored tree needs, all of which the tenant holds for the grace time.
   *
   * @throws MeshException TREE_INVALID, TREE_INCOMPLETE
   */
  Collection<Digest> needs(String tenant, Digest tree) {
    reading.acquireUninterruptibly();
    try {
      Map<Digest, Long> needed = read(tenant, tree);
      List<Digest> digests = List.copyOf(needed.keySet());
      List<Digest> missing = new ArrayList<>();
      for (int start = 0; start < digests.size(); start += BATCH) {
        List<Digest> batch = digests.subList(start, Math.min(start + BATCH, digests.size()));
        Map<Digest, Long> held = blobs.touch(tenant, batch);
        for (Digest digest : batch) {
          Long size = held.get(digest);
          if (size == null) {
            missing.add(digest);
          } else if (!size.equals(needed.get(digest))) {
            throw new MeshException(
                    ArtifactReason.TREE_INVALID,
                    "size of " + digest + ": " + needed.get(digest) + " (expected: " + size + ")")
                .with("digest", digest);
          }
        }
      }
      if (!missing.isEmpty()) {
        throw incomplete(missing.size(), missing.getFirst());
      }
      return digests;
    } finally {
      reading.release();
    }
  }

  static MeshException incomplete(int missing, Digest first) {
    return new MeshException(
            ArtifactReason.TREE_INCOMPLETE,
            "blobs that are not held: " + missing + ", for example " + first)
        .with("missing", missing)
        .with("digest", first);
  }

  private Map<Digest, Long> read(String tenant, Digest tree) {
    TreeRules rules = new TreeRules(StoreLimits.MOST_TREE_NAMES);
    try (BlobReader bytes = blobs.open(tenant, tree)) {
      if (bytes.size() > StoreLimits.MOST_TREE_BYTES) {
        throw new InvalidTree(
            "bytes: " + bytes.size() + " (expected: at most " + StoreLimits.MOST_TREE_BYTES + ")");
      }
      reader.read(bytes.stream(), rules);
      return rules.blobs();
    } catch (InvalidTree e) {
      throw new MeshException(ArtifactReason.TREE_INVALID, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw StoreFailures.of(e);
    }
  }
}
