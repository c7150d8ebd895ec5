package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.ArtifactApi;
import dev.weft.cli.client.BlobSender;
import dev.weft.cli.client.RpcDoor;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.UploadHeader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Makes a directory an artifact. When the mesh holds all of it already, that is one call, and none
 * if it was sent not long ago; else only the files that it lacks travel.
 */
public final class TreeSender {
  public static final String MEDIA_TYPE = "application/vnd.weft.tree";

  /** A task may wait for a day and run for a day. */
  private static final long LIFETIME = TimeUnit.DAYS.toSeconds(3);

  private static final String INCOMPLETE = "TREE_INCOMPLETE";
  private static final int ASKED_TOGETHER = 10_000;
  private static final int MOST_TRIES = 3;

  private final ArtifactApi api;
  private final BlobSender blobs;
  private final Path cacheFolder;
  private final PackProgress progress;

  /**
   * What was sent.
   *
   * @param sentBytes of files; what the mesh held already is not among them
   * @param assumed the mesh was not asked: it may have let go of the artifact, of which nothing is
   *     known but its id, type and digest
   */
  public record Sent(
      Artifact artifact, PackedTree tree, int sentFiles, long sentBytes, boolean assumed) {}

  public TreeSender(RpcDoor door, Path cacheFolder, PackProgress progress) {
    this.api = new ArtifactApi(door);
    this.blobs = new BlobSender(door);
    this.cacheFolder = cacheFolder;
    this.progress = progress;
  }

  /** Packs and sends; packs again when a file changed meanwhile. */
  public Sent send(Path directory) {
    return packed(directory, this::sendOnce);
  }

  /** The same, but what was sent not long ago is assumed to be still there. */
  public Sent sendUnlessSent(Path directory, SentTrees before) {
    return packed(
        directory,
        tree -> before.find(tree).map(id -> assumed(tree, id)).orElseGet(() -> kept(tree, before)));
  }

  private static Sent assumed(PackedTree tree, String artifactId) {
    Artifact artifact =
        Artifact.newBuilder()
            .setId(artifactId)
            .setMediaType(MEDIA_TYPE)
            .setDigest(tree.digest())
            .build();
    return new Sent(artifact, tree, 0, 0, true);
  }

  private Sent kept(PackedTree tree, SentTrees before) {
    Sent sent = sendOnce(tree);
    before.keep(tree, sent.artifact().getId());
    return sent;
  }

  private Sent packed(Path directory, Function<PackedTree, Sent> sending) {
    for (int tries = 1; ; tries++) {
      try {
        return sending.apply(TreePacker.pack(directory, cacheFolder, progress));
      } catch (ChangedWhilePackedException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  private Sent sendOnce(PackedTree tree) {
    UploadHeader header = header(tree);
    Optional<Artifact> held = ifHeld(header);
    if (held.isPresent()) {
      return new Sent(held.get(), tree, 0, 0, false);
    }
    List<ByteString> missing = missing(tree);
    PackedBlobs contents = new PackedBlobs(tree);
    long all = missing.stream().mapToLong(contents::size).sum();
    AtomicLong moved = new AtomicLong();
    progress.moved(0, all);
    if (!missing.isEmpty()) {
      blobs.send(
          missing, contents, digest -> progress.moved(moved.addAndGet(contents.size(digest)), all));
    }
    Artifact artifact = api.put(header, new Bytes(tree.content()));
    return new Sent(artifact, tree, missing.size(), all, false);
  }

  /** Held, and every file of it too. */
  private Optional<Artifact> ifHeld(UploadHeader header) {
    try {
      return api.putIfHeld(header);
    } catch (ApiException e) {
      if (e.reason().equals(INCOMPLETE)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private List<ByteString> missing(PackedTree tree) {
    Set<ByteString> digests = new LinkedHashSet<>();
    tree.files().forEach(file -> digests.add(file.digest()));
    List<ByteString> all = List.copyOf(digests);
    List<ByteString> missing = new ArrayList<>();
    for (int from = 0; from < all.size(); from += ASKED_TOGETHER) {
      missing.addAll(api.missing(all.subList(from, Math.min(from + ASKED_TOGETHER, all.size()))));
    }
    return missing;
  }

  private static UploadHeader header(PackedTree tree) {
    return UploadHeader.newBuilder()
        .setMediaType(MEDIA_TYPE)
        .setDigest(tree.digest())
        .setSizeBytes(tree.content().size())
        .setLifetime(Duration.newBuilder().setSeconds(LIFETIME))
        .build();
  }

  /** Bytes in memory as a source. */
  private static final class Bytes implements ArtifactApi.Source {
    private final ByteString content;
    private int at;

    Bytes(ByteString content) {
      this.content = content;
    }

    @Override
    public void restart() {
      at = 0;
    }

    @Override
    public ByteString next(int most) {
      int end = Math.min(content.size(), at + most);
      ByteString piece = content.substring(at, end);
      at = end;
      return piece;
    }
  }
}
