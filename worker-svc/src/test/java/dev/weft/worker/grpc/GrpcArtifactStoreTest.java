package dev.weft.worker.grpc;

import static dev.weft.worker.grpc.Replicas.KEY;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weft.worker.app.ArtifactStore;
import dev.weft.worker.app.ArtifactStore.BlobSink;
import dev.weft.worker.app.ArtifactStore.Parcel;
import dev.weft.worker.app.ArtifactStore.Pieces;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.domain.tree.TreePath;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blobs and trees over real gRPC, while replicas break in the middle. */
@Timeout(60)
class GrpcArtifactStoreTest {

  private final Replicas replicas = open();
  private final ArtifactStore store = replicas.links.store();

  private static Replicas open() {
    try {
      return new Replicas();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() throws Exception {
    replicas.close();
  }

  @Test
  void aTreeOfOddNamesTravelsThereAndBackAsItIs() throws Exception {
    Tree tree =
        new Tree(
            List.of(
                new TreeEntry.Directory(path("d\u00ff"), 0755, -5),
                new TreeEntry.Regular(path("d\u00ff/\n"), 0640, 3, digest("abc"), 7),
                new TreeEntry.Link(path("l"), "d\u00ff/x".getBytes(ISO_8859_1))),
            List.of(path("gone")));

    String id =
        store.storeTree(replicas.errand, "changes/tsk_a/2", tree, Duration.ofHours(24)).artifact();
    Tree back = store.tree(replicas.errand, id, Long.MAX_VALUE);

    assertThat(back.entries().subList(0, 2)).isEqualTo(tree.entries().subList(0, 2));
    assertThat(((TreeEntry.Link) back.entries().get(2)).target())
        .isEqualTo("d\u00ff/x".getBytes(ISO_8859_1));
    assertThat(back.removed()).isEqualTo(tree.removed());
    assertThat(replicas.firstStore.find(id).getName()).isEqualTo("changes/tsk_a/2");
    assertThat(replicas.firstStore.find(id).getMediaType()).isEqualTo(Tree.MEDIA_TYPE);
  }

  @Test
  void aDownloadThatBreaksGoesOnAtTheNextReplicaWhereItWas() throws Exception {
    List<Digest> digests = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      digests.add(blob(i == 10 ? 500_000 : 1_000, i));
    }
    replicas.firstStore.breaksAfter.set(13);
    Sink sink = new Sink();

    store.fetch(replicas.errand, digests, sink);

    assertThat(sink.contents.keySet()).hasSize(20);
    assertThat(sink.order).isEqualTo(digests);
    assertThat(sink.drops).isPositive();
    assertThat(replicas.firstStore.calls).containsExactly("fetchBlobs 20");
    assertThat(replicas.secondStore.calls).containsExactly("fetchBlobs 10");
  }

  @Test
  void aTreesDownloadIsResumedByItsOffset() throws Exception {
    List<TreeEntry> entries = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      entries.add(new TreeEntry.Regular(path("file-" + i), 0644, 1, digest("x"), i));
    }
    String id =
        store
            .storeTree(replicas.errand, "n", new Tree(entries, List.of()), Duration.ofHours(1))
            .artifact();
    replicas.firstStore.calls.clear();
    replicas.firstStore.breaksAfter.set(3);

    assertThat(store.tree(replicas.errand, id, Long.MAX_VALUE).entries()).hasSize(4_000);

    assertThat(replicas.firstStore.calls).containsExactly("fetchArtifact 0");
    assertThat(replicas.secondStore.calls).containsExactly("fetchArtifact 131072");
  }

  @Test
  @Timeout(10)
  void anUploadThatBreaksSendsOnlyWhatIsNotStored() throws Exception {
    List<Parcel> parcels = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      parcels.add(new Bytes(random(i % 3 == 0 ? 300_000 : 5_000, i)));
    }
    replicas.firstStore.breaksAfter.set(6);

    store.store(replicas.errand, parcels);

    for (Parcel parcel : parcels) {
      assertThat(replicas.firstStore.holds(TreeProtoMapper.digest(parcel.digest()))).isTrue();
    }
    assertThat(store.missing(replicas.errand, parcels.stream().map(Parcel::digest).toList()))
        .isEmpty();
    assertThat(replicas.firstStore.calls).startsWith("storeBlobs");
    assertThat(replicas.secondStore.calls).startsWith("storeBlobs");
  }

  @Test
  void manySmallAndEmptyBlobsTravelTogether() throws Exception {
    List<Parcel> parcels = new ArrayList<>();
    parcels.add(new Bytes(new byte[0]));
    for (int i = 0; i < 3_000; i++) {
      parcels.add(new Bytes(random(100, i)));
    }

    store.store(replicas.errand, parcels);
    Sink sink = new Sink();
    store.fetch(replicas.errand, parcels.stream().map(Parcel::digest).toList(), sink);

    assertThat(sink.contents).hasSize(3_001);
  }

  @Test
  void aReplicaThatWasKilledIsLeftForGood() throws Exception {
    Digest digest = blob(10, 1);
    replicas.kill(0);

    store.fetch(replicas.errand, List.of(digest), new Sink());
    store.fetch(replicas.errand, List.of(digest), new Sink());

    assertThat(replicas.secondStore.calls).containsExactly("fetchBlobs 1", "fetchBlobs 1");
  }

  @Test
  void refusalsAreSaidAtOnceWithTheirReason() throws Exception {
    assertReason(
        FailureReason.ARTIFACT_NOT_FOUND,
        () -> store.tree(replicas.errand, "art_unknown", Long.MAX_VALUE));
    String text = replicas.firstStore.artifact("", "text/plain", "x".getBytes(UTF_8));
    assertReason(
        FailureReason.WORKSPACE_INVALID, () -> store.tree(replicas.errand, text, Long.MAX_VALUE));
    String nonsense =
        replicas.firstStore.artifact("", Tree.MEDIA_TYPE, "\u0007nonsense".getBytes(UTF_8));
    assertReason(
        FailureReason.WORKSPACE_INVALID,
        () -> store.tree(replicas.errand, nonsense, Long.MAX_VALUE));
    replicas.firstStore.leaseHeld = false;
    assertReason(FailureReason.PREEMPTED, () -> store.tree(replicas.errand, text, Long.MAX_VALUE));
  }

  @Test
  void replicasThatAreBusyAreTriedAgainAfterThePauseTheyAskFor() throws Exception {
    Digest digest = blob(10, 1);
    replicas.firstStore.busy.set(2);
    replicas.secondStore.busy.set(1);
    long from = System.nanoTime();

    store.fetch(replicas.errand, List.of(digest), new Sink());

    assertThat(replicas.firstStore.busy.get() + replicas.secondStore.busy.get()).isLessThan(2);
    assertThat(System.nanoTime() - from).isGreaterThan(400_000_000L);
  }

  @Test
  void bytesThatAreNotTheirDigestAreNotBelieved() throws Exception {
    String tree =
        store
            .storeTree(
                replicas.errand,
                "n",
                new Tree(List.of(new TreeEntry.Directory(path("d"), 0, 0)), List.of()),
                Duration.ofHours(1))
            .artifact();
    ByteString digest = replicas.firstStore.find(tree).getDigest();
    java.nio.file.Files.write(
        replicas.directory.resolve(java.util.HexFormat.of().formatHex(digest.toByteArray())),
        new byte[] {1, 2});

    assertReason(
        FailureReason.BLOB_CORRUPT, () -> store.tree(replicas.errand, tree, Long.MAX_VALUE));
  }

  @Test
  void whoIsToEndIsBrokenOffAtOnce() throws Exception {
    Digest digest = blob(10, 1);
    replicas.kill(0);
    replicas.kill(1);
    Thread.ofVirtual()
        .start(
            () -> {
              org.awaitility.Awaitility.await().until(() -> replicas.asked.get() > 0);
              replicas.halt.end(EndReason.CANCELLED);
            });

    assertThatThrownBy(() -> store.fetch(replicas.errand, List.of(digest), new Sink()))
        .isInstanceOfSatisfying(
            HaltedException.class, e -> assertThat(e.reason()).isEqualTo(EndReason.CANCELLED));
  }

  @Test
  void theLeaseIsNamedInEveryRequest() throws Exception {
    store.missing(replicas.errand, List.of(digest("x")));

    assertThat(replicas.firstStore.calls).containsExactly("findMissingBlobs 1");
    assertThat(KEY.fence()).isEqualTo(7);
  }

  private Digest blob(int size, int seed) {
    return Digest.of(replicas.firstStore.blob(random(size, seed)).toByteArray());
  }

  private static byte[] random(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Digest digest(String text) {
    return Digest.of(TreeDownload.sha256().digest(text.getBytes(UTF_8)));
  }

  private static TreePath path(String name) throws Exception {
    return TreePath.of(name.getBytes(ISO_8859_1));
  }

  private static void assertReason(
      FailureReason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CarryException.class, e -> assertThat(e.failure().reason()).isEqualTo(reason));
  }

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record Bytes(byte[] content) implements Parcel {
    @Override
    public Digest digest() {
      return Digest.of(TreeDownload.sha256().digest(content));
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public Pieces open() {
      ByteBuffer left = ByteBuffer.wrap(content);
      return new Pieces() {
        @Override
        public int read(byte[] into) {
          int n = Math.min(into.length, left.remaining());
          left.get(into, 0, n);
          return n;
        }

        @Override
        public void close() {}
      };
    }
  }

  private static final class Sink implements BlobSink {
    private final Map<String, byte[]> contents = new TreeMap<>();
    private final List<Digest> order = new ArrayList<>();
    private final ByteArrayOutputStream current = new ByteArrayOutputStream();
    private Digest open = new Digest(0, 0, 0, 0);
    private int drops;

    @Override
    public void begin(Digest digest, long size) {
      current.reset();
      open = digest;
    }

    @Override
    public void chunk(ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      current.write(copy, 0, copy.length);
    }

    @Override
    public void end() {
      byte[] content = current.toByteArray();
      assertThat(Digest.of(TreeDownload.sha256().digest(content))).isEqualTo(open);
      contents.put(open.hex(), content);
      order.add(open);
    }

    @Override
    public void drop() {
      if (current.size() > 0) {
        drops++;
      }
    }
  }
}
