package dev.weft.artifact.grpc;

import static dev.weft.artifact.grpc.StoreFixture.random;
import static dev.weft.artifact.testing.StoreClient.digest;
import static dev.weft.artifact.testing.StoreClient.header;
import static dev.weft.artifact.testing.StoreClient.refused;
import static dev.weft.artifact.testing.StoreClient.whole;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.weft.artifact.app.LeaseAuthority.LeaseRights;
import dev.weft.artifact.testing.StoreClient;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.BlobHeader;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.artifacts.v1.UploadBlobsRequest;
import dev.weft.proto.internal.artifact.v1.FindArtifactsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreGrpcServiceTest {

  private final StoreFixture fixture = new StoreFixture();
  private final StoreClient acme = fixture.tenant("acme");

  @AfterEach
  void close() {
    assertThat(fixture.store.unfinished()).isZero();
    fixture.close();
  }

  @Test
  void anArtifactComesBackAsItWas() {
    ByteString content = random(3_000_001);
    Artifact artifact =
        acme.put(
            header()
                .setName("über/größe 1")
                .setMediaType("text/plain; charset=utf-8")
                .setDigest(digest(content))
                .setSizeBytes(content.size()),
            content);

    assertThat(artifact.getId()).startsWith("art_");
    assertThat(artifact.getDigest()).isEqualTo(digest(content));
    assertThat(artifact.getSizeBytes()).isEqualTo(3_000_001);
    assertThat(artifact.getExpireTime().getSeconds() - artifact.getCreateTime().getSeconds())
        .isEqualTo(24 * 3600);
    assertThat(acme.get(artifact.getId())).isEqualTo(content);
    assertThat(acme.get("über/größe 1")).isEqualTo(content);
    assertThat(acme.find(artifact.getId())).isEqualTo(artifact);
    assertThat(fixture.meter.received).isEqualTo(3_000_001);
    assertThat(fixture.meter.sent).isEqualTo(6_000_002);
  }

  @Test
  void anEmptyArtifactIsOne() {
    Artifact artifact = acme.put("empty", ByteString.EMPTY);

    assertThat(acme.get(artifact.getId())).isEqualTo(ByteString.EMPTY);
    assertThat(acme.get(artifact.getId(), 0, 100)).isEqualTo(ByteString.EMPTY);
  }

  @Test
  void anyRangeCanBeRead() {
    ByteString content = random(1_000_000);
    String id = acme.put("", content).getId();
    long[][] ranges = {
      {0, 1},
      {262_143, 2},
      {262_144, 262_144},
      {999_999, 1},
      {1_000_000, 0},
      {5, 999_990},
      {700_000, 0},
      {100, Long.MAX_VALUE},
      {100, -1}
    };

    for (long[] range : ranges) {
      int end =
          range[1] <= 0 ? content.size() : (int) Math.min(content.size(), range[1] + range[0]);
      end = end < range[0] ? content.size() : end;
      assertThat(acme.get(id, range[0], range[1]))
          .isEqualTo(content.substring((int) range[0], end));
    }
    assertThat(refused(() -> acme.get(id, 1_000_001, 0))).isEqualTo("OUT_OF_RANGE");
    assertThat(refused(() -> acme.get(id, -1, 0))).isEqualTo("OUT_OF_RANGE");
  }

  @Test
  void whatIsHeldNeedNotBeSentAgain() {
    ByteString content = random(1_000);
    acme.put("", content);
    Artifact second = acme.put(header().setName("two").setDigest(digest(content)).setIfHeld(true));

    assertThat(acme.get(second.getId())).isEqualTo(content);
    assertThat(fixture.store.count()).isEqualTo(1);
    assertThat(refused(() -> acme.put(header().setDigest(digest(random(5))).setIfHeld(true))))
        .isEqualTo("BLOB_NOT_HELD");
    assertThat(
            refused(
                () ->
                    acme.put(
                        header().setDigest(digest(content)).setSizeBytes(999).setIfHeld(true))))
        .isEqualTo("SIZE_MISMATCH");
  }

  @Test
  void theSameBytesAreKeptOnce() {
    acme.put("a", random(1_000));
    acme.put("b", random(1_000));
    fixture.tenant("other").put("b", random(1_000));

    assertThat(fixture.store.count()).isEqualTo(2);
  }

  @Test
  void anExpiredArtifactIsNotFoundAtOnce() {
    Artifact artifact =
        acme.put(
            header().setName("n").setLifetime(Duration.newBuilder().setSeconds(10)), random(10));
    fixture.clock.advance(java.time.Duration.ofSeconds(11));

    assertThat(refused(() -> acme.find(artifact.getId()))).isEqualTo("ARTIFACT_NOT_FOUND");
    assertThat(refused(() -> acme.get("n"))).isEqualTo("ARTIFACT_NOT_FOUND");
  }

  @Test
  void removingTwiceIsNoFailure() {
    String id = acme.put("n", random(10)).getId();
    fixture.tenant("other").remove(id);
    assertThat(acme.find(id).getName()).isEqualTo("n");
    acme.remove(id);
    acme.remove(id);

    assertThat(refused(() -> acme.find(id))).isEqualTo("ARTIFACT_NOT_FOUND");
  }

  @Test
  void listsArePaged() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      made.addFirst(acme.put(i % 2 == 0 ? "even" : "odd", random(i)).getId());
    }
    List<String> seen = new ArrayList<>();
    ListArtifactsRequest.Builder query = ListArtifactsRequest.newBuilder().setPageSize(3);
    FindArtifactsResponse page;
    do {
      page = acme.list(query);
      page.getArtifactsList().forEach(one -> seen.add(one.getId()));
      query.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());

    assertThat(seen).isEqualTo(made);
    assertThat(acme.list(ListArtifactsRequest.newBuilder().setName("odd")).getArtifactsCount())
        .isEqualTo(3);
  }

  @Test
  void aPageTokenIsOfOneFilterAndOneTenant() {
    for (int i = 0; i < 3; i++) {
      acme.put("n", random(i));
    }
    String token = acme.list(ListArtifactsRequest.newBuilder().setPageSize(2)).getNextPageToken();
    ListArtifactsRequest.Builder query =
        ListArtifactsRequest.newBuilder().setPageSize(2).setPageToken(token);

    assertThat(acme.list(query).getArtifactsCount()).isEqualTo(1);
    assertThat(refused(() -> fixture.tenant("other").list(query))).isEqualTo("INVALID_PAGE_TOKEN");
    assertThat(refused(() -> acme.list(query.clone().setName("n"))))
        .isEqualTo("INVALID_PAGE_TOKEN");
    for (String bad : List.of("x", "====", "AAAAAAAAAAAAAAAA", token + "A")) {
      assertThat(refused(() -> acme.list(query.clone().setPageToken(bad))))
          .isEqualTo("INVALID_PAGE_TOKEN");
    }
    assertThat(refused(() -> acme.list(query.clone().setPageSize(1_001))))
        .isEqualTo("INVALID_FIELD");
    assertThat(refused(() -> acme.list(query.clone().setPageSize(-1)))).isEqualTo("INVALID_FIELD");
  }

  @Test
  void blobsTravelManyInOneStreamAndComeBackInOrder() {
    ByteString large = random(700_000);
    List<ByteString> small = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      small.add(random(i * 800));
    }
    List<ByteString> stored =
        acme.putBlobs(
            whole(small.toArray(ByteString[]::new)),
            UploadBlobsRequest.newBuilder()
                .setHeader(
                    BlobHeader.newBuilder().setDigest(digest(large)).setSizeBytes(large.size()))
                .build(),
            chunk(large.substring(0, 300_000)),
            chunk(large.substring(300_000)),
            UploadBlobsRequest.newBuilder()
                .setHeader(BlobHeader.newBuilder().setDigest(digest(ByteString.EMPTY)))
                .build());

    assertThat(stored).hasSize(52).contains(digest(large));
    List<ByteString> asked = new ArrayList<>();
    small.forEach(content -> asked.add(digest(content)));
    asked.add(20, digest(large));
    assertThat(acme.getBlobs(asked).keySet()).containsExactlyElementsOf(asked);
    assertThat(acme.getBlobs(asked))
        .containsEntry(digest(large), large)
        .containsEntry(digest(small.get(7)), small.get(7));
    assertThat(acme.missing(List.of(digest(large), digest(random(3)), digest(random(3)))))
        .containsExactly(digest(random(3)));
  }

  @Test
  void aWorkerReadsWhatItsTaskNamesAndKeepsWhatItMakes() {
    String input = acme.put("in", random(10)).getId();
    String secret = acme.put("secret", random(11)).getId();
    fixture.leases.put(
        StoreFixture.LEASE, new LeaseRights("acme", "tsk_1", Set.of(input, "by name")));
    fixture.peer = StoreFixture.WORKER;
    StoreClient worker = fixture.worker();
    Artifact made = worker.put("out", random(12));

    assertThat(worker.get(input)).isEqualTo(random(10));
    assertThat(made.getTaskId()).isEqualTo("tsk_1");
    assertThat(worker.get(made.getId())).isEqualTo(random(12));
    assertThat(refused(() -> worker.get(secret))).isEqualTo("ARTIFACT_NOT_FOUND");
    assertThat(refused(() -> worker.find("secret"))).isEqualTo("ARTIFACT_NOT_FOUND");
    assertThat(worker.getBlobs(List.of(digest(random(10))))).hasSize(1);
    assertThat(refused(() -> worker.list(ListArtifactsRequest.newBuilder())))
        .isEqualTo("PERMISSION_DENIED");
    assertThat(
            refused(
                () -> {
                  worker.remove(input);
                  return null;
                }))
        .isEqualTo("PERMISSION_DENIED");
    fixture.peer = StoreFixture.GATEWAY;
    assertThat(acme.list(ListArtifactsRequest.newBuilder().setTaskId("tsk_1")).getArtifactsList())
        .containsExactly(made);
  }

  @Test
  void whatABodyIsGivenMeanwhileItReadsAtOnce() {
    String given = acme.put("in", random(10)).getId();
    fixture.leases.put(StoreFixture.LEASE, new LeaseRights("acme", "tsk_1", Set.of()));
    fixture.peer = StoreFixture.WORKER;
    StoreClient worker = fixture.worker();
    assertThat(refused(() -> worker.find(given))).isEqualTo("ARTIFACT_NOT_FOUND");

    fixture.leases.put(StoreFixture.LEASE, new LeaseRights("acme", "tsk_1", Set.of(given)));

    assertThat(worker.find(given).getId()).isEqualTo(given);
  }

  @Test
  void aHeldLeaseIsAskedForOnceInTwoSeconds() {
    fixture.leases.put(StoreFixture.LEASE, new LeaseRights("acme", "tsk_1", Set.of()));
    fixture.peer = StoreFixture.WORKER;
    StoreClient worker = fixture.worker();
    worker.missing(List.of());
    worker.missing(List.of());
    assertThat(fixture.leaseChecks).isEqualTo(1);

    fixture.leases.clear();
    fixture.ticker.advance(java.time.Duration.ofMillis(2_001));
    assertThat(refused(() -> worker.missing(List.of()))).isEqualTo("LEASE_NOT_HELD");
    fixture.leases.put(StoreFixture.LEASE, new LeaseRights("acme", "tsk_1", Set.of()));
    assertThat(worker.missing(List.of())).isEmpty();
  }

  private static UploadBlobsRequest chunk(ByteString bytes) {
    return UploadBlobsRequest.newBuilder().setChunk(bytes).build();
  }
}
