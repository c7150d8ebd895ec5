package dev.weft.worker.app;

import dev.weft.worker.domain.AttemptResult.Changes;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreePrint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Artifacts and secrets of a mesh, in this process; verifies what it is given as the real one. */
public final class MemoryMesh implements ArtifactStore {

  /** About what an entry takes of a tree. */
  private static final long ENTRY_BYTES = 110;

  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("test-timer").factory());

  public final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  public final Map<String, Tree> trees = new ConcurrentHashMap<>();
  private final Map<String, Digest> single = new ConcurrentHashMap<>();
  public final Map<String, byte[]> secrets = new ConcurrentHashMap<>();
  public final Map<String, String> names = new LinkedHashMap<>();
  public final List<Duration> lifetimes = new CopyOnWriteArrayList<>();
  public final List<Digest> fetched = new ArrayList<>();
  public final List<Digest> stored = new ArrayList<>();

  public final List<String> treesRead = new CopyOnWriteArrayList<>();

  /** Whether it stores no trees any more. */
  public volatile boolean full;

  /** What happens when blobs begin to be stored. */
  public Runnable beforeStore = () -> {};

  /** What happens when a blob has been stored. */
  public Runnable afterParcel = () -> {};

  private MemoryMesh() {}

  public static MemoryMesh nothing() {
    return new MemoryMesh();
  }

  public Digest blob(byte[] content) {
    Digest digest = digest(content);
    blobs.put(digest, content);
    return digest;
  }

  public static Digest digest(byte[] content) {
    try {
      return Digest.of(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** For commands that carry no files. */
  public Carrying carrying() {
    return carrying(nothingCarried());
  }

  public Carrier nothingCarried() {
    return (load, workspace) -> new Nothing();
  }

  public Carrying carrying(Carrier carrier) {
    return new Carrying(
        carrier, (errand, wanted) -> secrets, OutputLogs.NONE, TIMER, InstantSource.system());
  }

  /** A stored tree's files, as text. */
  public Map<String, String> files(String artifactId) {
    Map<String, String> files = new LinkedHashMap<>();
    trees
        .get(artifactId)
        .files()
        .forEach(
            file ->
                files.put(
                    file.path().toString(),
                    new String(blobs.get(file.digest()), StandardCharsets.UTF_8)));
    return files;
  }

  @Override
  public Tree tree(Errand errand, String artifactId, long mostBytes) throws CarryException {
    Tree tree = trees.get(artifactId);
    if (tree == null) {
      throw new CarryException(FailureReason.ARTIFACT_NOT_FOUND, artifactId);
    }
    if (ENTRY_BYTES * tree.size() > mostBytes) {
      throw new CarryException(FailureReason.WORKSPACE_TOO_LARGE, artifactId);
    }
    treesRead.add(artifactId);
    return tree;
  }

  @Override
  public StoredArtifact find(Errand errand, String artifactId) throws CarryException {
    Tree tree = trees.get(artifactId);
    if (tree != null) {
      return new StoredArtifact(
          artifactId, "", true, digest(new byte[0]), ENTRY_BYTES * tree.size());
    }
    Digest digest = single.get(artifactId);
    byte[] content = digest == null ? null : blobs.get(digest);
    if (content == null) {
      throw new CarryException(FailureReason.ARTIFACT_NOT_FOUND, artifactId);
    }
    return new StoredArtifact(artifactId, "up/load.txt", false, digest(content), content.length);
  }

  @Override
  public String storeFile(Errand errand, String name, Digest digest, long size, Duration lifetime) {
    if (!blobs.containsKey(digest) || blobs.get(digest).length != size) {
      throw new AssertionError("BLOB_NOT_HELD: " + digest);
    }
    String id = "art_file" + single.size();
    single.put(id, digest);
    return id;
  }

  /** Somebody uploads a file. */
  public String upload(String content) {
    String id = "art_file" + single.size();
    single.put(id, blob(content.getBytes(StandardCharsets.UTF_8)));
    return id;
  }

  /** The text of a single file's artifact. */
  public String text(String artifactId) {
    return new String(blobs.get(single.get(artifactId)), StandardCharsets.UTF_8);
  }

  @Override
  public void fetch(Errand errand, List<Digest> digests, BlobSink sink)
      throws CarryException, IOException {
    for (Digest digest : digests) {
      byte[] content = blobs.get(digest);
      if (content == null) {
        throw new CarryException(FailureReason.ARTIFACT_NOT_FOUND, digest.hex());
      }
      fetched.add(digest);
      sink.begin(digest, content.length);
      sink.chunk(ByteBuffer.wrap(content));
      sink.end();
    }
  }

  @Override
  public Set<Digest> missing(Errand errand, Collection<Digest> digests) {
    Set<Digest> missing = new HashSet<>(digests);
    missing.removeAll(blobs.keySet());
    return missing;
  }

  @Override
  public void store(Errand errand, List<Parcel> parcels) throws IOException {
    beforeStore.run();
    for (Parcel parcel : parcels) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      byte[] buffer = new byte[100_000];
      try (Pieces pieces = parcel.open()) {
        for (int n = pieces.read(buffer); n > 0; n = pieces.read(buffer)) {
          content.write(buffer, 0, n);
        }
      }
      if (!digest(content.toByteArray()).equals(parcel.digest())) {
        throw new AssertionError("a parcel is not what its digest says: " + parcel);
      }
      stored.add(parcel.digest());
      blobs.put(parcel.digest(), content.toByteArray());
      afterParcel.run();
    }
  }

  @Override
  public StoredTree storeTree(Errand errand, String name, Tree tree, Duration lifetime)
      throws CarryException {
    if (full) {
      throw new CarryException(FailureReason.ARTIFACTS_UNAVAILABLE, "nobody takes it");
    }
    lifetimes.add(lifetime);
    tree.files()
        .forEach(
            file -> {
              if (!blobs.containsKey(file.digest())) {
                throw new AssertionError("TREE_INCOMPLETE: " + file.path());
              }
            });
    String id = "art_" + trees.size();
    trees.put(id, tree);
    names.put(name, id);
    return new StoredTree(id, TreePrint.of(tree));
  }

  private static final class Nothing implements Carrier.Stowed {
    @Override
    public void settle() {}

    @Override
    public Changes take() {
      return Changes.NONE;
    }

    @Override
    public AgentMemory memory() {
      throw new UnsupportedOperationException("nothing is carried");
    }

    @Override
    public WorkspaceFiles files() {
      throw new UnsupportedOperationException("nothing is carried");
    }

    @Override
    public Optional<Carrier.Whole> takeWhole(Carrier.Keeping keeping) {
      return Optional.empty();
    }
  }
}
