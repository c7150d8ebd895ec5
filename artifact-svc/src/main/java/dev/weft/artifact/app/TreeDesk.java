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
import java.util.function.Function;

/** Reads trees before they become artifacts: nobody shall fetch one that can't be unpacked. */
final class TreeDesk {

  private static final int BATCH = 10_000;

  /** The shortest that a name can be in a tree. */
  private static final int NAME_BYTES = 4;

  private final BlobDesk blobs;
  private final TreeReader reader;
  private final long mostBytes;

  /** The names that are in memory: one large tree's, or those of many small ones. */
  private final Semaphore names = new Semaphore(StoreLimits.MOST_TREE_NAMES, true);

  /**
   * @param mostBytes of one tree
   */
  TreeDesk(BlobDesk blobs, TreeReader reader, long mostBytes) {
    this.blobs = blobs;
    this.reader = reader;
    this.mostBytes = mostBytes;
  }

  /**
   * Uses the blobs that a stored tree needs, all of which the tenant holds for the grace time.
   *
   * @param size of the tree
   * @param use they are in memory while it runs; other trees may wait for that
   * @throws MeshException TREE_INVALID, TREE_INCOMPLETE
   */
  <T> T withNeeded(String tenant, Digest tree, long size, Function<Collection<Digest>, T> use) {
    if (size > mostBytes) {
      throw new MeshException(
              ArtifactReason.TREE_INVALID,
              "bytes: " + size + " (expected: at most " + mostBytes + ")")
          .with("most_bytes", mostBytes);
    }
    int share = (int) Math.min(size / NAME_BYTES + 1, StoreLimits.MOST_TREE_NAMES);
    names.acquireUninterruptibly(share);
    try {
      return use.apply(needs(tenant, tree));
    } finally {
      names.release(share);
    }
  }

  private Collection<Digest> needs(String tenant, Digest tree) {
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
      reader.read(bytes.stream(), rules);
      return rules.blobs();
    } catch (InvalidTree e) {
      throw new MeshException(ArtifactReason.TREE_INVALID, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw StoreFailures.of(e);
    }
  }
}
