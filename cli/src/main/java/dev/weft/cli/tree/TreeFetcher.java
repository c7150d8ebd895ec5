package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.cli.client.ArtifactApi;
import dev.weft.cli.client.BlobFetcher;
import dev.weft.cli.client.RpcDoor;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings a tree artifact into a directory. */
public final class TreeFetcher {
  private static final int ASKED_TOGETHER = 10_000;

  private final ArtifactApi api;
  private final BlobFetcher blobs;
  private final PackProgress progress;

  /**
   * What happened in the directory.
   *
   * @param leftAlone what the directory keeps as it is
   */
  public record Fetched(int written, int removed, List<LeftAlone> leftAlone) {}

  public TreeFetcher(RpcDoor door, PackProgress progress) {
    this.api = new ArtifactApi(door);
    this.blobs = new BlobFetcher(door);
    this.progress = progress;
  }

  /**
   * Fetches a tree of files.
   *
   * @param base what was packed, if the directory is the one that was: then what the tree calls
   *     removed goes, and what changed here meanwhile or was not packed stays
   */
  public Fetched fetch(String artifactId, Path directory, Optional<PackedTree> base) {
    try {
      Tree tree = tree(artifactId);
      TreeRules.check(tree);
      TargetFolder folder = new TargetFolder(directory);
      LocalChanges changes =
          new LocalChanges(folder, base.filter(packed -> packed.directory().equals(folder.top())));
      return bring(tree, folder, changes);
    } catch (IOException e) {
      throw new TreeException("can't be brought into " + directory + ": " + e.getMessage(), e);
    }
  }

  private Fetched bring(Tree tree, TargetFolder folder, LocalChanges changes) throws IOException {
    int removed = changes.remove(tree.getRemovedList());
    List<TreeEntry> directories = new ArrayList<>();
    Map<ByteString, List<TreeEntry>> files = new LinkedHashMap<>();
    int written = 0;
    for (TreeEntry entry : tree.getEntriesList()) {
      if (!changes.mayWrite(entry)) {
        continue;
      }
      written++;
      if (entry.getKind() == TreeEntryKind.TREE_ENTRY_KIND_DIRECTORY) {
        folder.directory(entry);
        directories.add(entry);
      } else if (entry.getKind() == TreeEntryKind.TREE_ENTRY_KIND_SYMLINK) {
        folder.link(entry);
      } else {
        files.computeIfAbsent(entry.getDigest(), _ -> new ArrayList<>()).add(entry);
      }
    }
    fetchFiles(folder, files);
    directories.sort(
        Comparator.comparingInt((TreeEntry entry) -> entry.getPath().size()).reversed());
    for (TreeEntry entry : directories) {
      folder.finishDirectory(entry);
    }
    return new Fetched(written, removed, changes.leftAlone());
  }

  private void fetchFiles(TargetFolder folder, Map<ByteString, List<TreeEntry>> files) {
    long all = files.values().stream().mapToLong(same -> same.getFirst().getSizeBytes()).sum();
    FileTaker taker = new FileTaker(folder, files, moved -> progress.moved(moved, all));
    List<ByteString> digests = List.copyOf(files.keySet());
    try (taker) {
      for (int from = 0; from < digests.size(); from += ASKED_TOGETHER) {
        int to = Math.min(from + ASKED_TOGETHER, digests.size());
        blobs.fetch(digests.subList(from, to), taker);
      }
    }
  }

  private Tree tree(String artifactId) throws IOException {
    MemoryPieces pieces = new MemoryPieces();
    Artifact artifact = api.download(artifactId, pieces);
    if (!artifact.getMediaType().equals(TreeSender.MEDIA_TYPE)) {
      throw new TreeException(
          "%s is no tree of files (it is %s)".formatted(artifactId, artifact.getMediaType()));
    }
    ByteString content = pieces.content();
    if (!FileHasher.hash(content).equals(artifact.getDigest())) {
      throw new TreeException(artifactId + " came with other bytes than its digest says");
    }
    try {
      return Tree.parseFrom(content);
    } catch (InvalidProtocolBufferException e) {
      throw new TreeException(artifactId + " is no tree of files", e);
    }
  }

  /** Collects a download. */
  private static final class MemoryPieces implements ArtifactApi.Pieces {
    private final ByteString.Output bytes = ByteString.newOutput();

    @Override
    public long position() {
      return bytes.size();
    }

    @Override
    public void take(Artifact artifact, ByteString piece) throws IOException {
      piece.writeTo(bytes);
    }

    ByteString content() {
      return bytes.toByteString();
    }
  }
}
