package dev.weft.artifact.grpc;

import static dev.weft.artifact.grpc.StoreFixture.random;
import static dev.weft.artifact.testing.StoreClient.digest;
import static dev.weft.artifact.testing.StoreClient.header;
import static dev.weft.artifact.testing.StoreClient.problem;
import static dev.weft.artifact.testing.StoreClient.refused;
import static dev.weft.artifact.testing.StoreClient.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.weft.artifact.app.LeaseAuthority.LeaseRights;
import dev.weft.artifact.testing.StoreClient;
import dev.weft.artifact.testing.StoreClient.Answers;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.BlobHeader;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.artifacts.v1.UploadBlobsRequest;
import dev.weft.proto.artifacts.v1.WholeBlob;
import dev.weft.proto.artifacts.v1.WholeBlobs;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreAttackTest {

  private final StoreFixture fixture = new StoreFixture();
  private final StoreClient acme = fixture.tenant("acme");

  @AfterEach
  void nothingIsLeftOpen() {
    await().untilAsserted(() -> assertThat(fixture.store.unfinished()).isZero());
    await().untilAsserted(() -> assertThat(fixture.transfers.count()).isZero());
    fixture.close();
  }

  @Test
  void wrongBytesAreRefusedAndLeaveNothing() {
    assertThat(refused(() -> acme.put(header().setDigest(digest(random(9))), random(10))))
        .isEqualTo("DIGEST_MISMATCH");
    assertThat(refused(() -> acme.put(header().setSizeBytes(11), random(10))))
        .isEqualTo("SIZE_MISMATCH");
    assertThat(refused(() -> acme.put(header().setSizeBytes(9), random(10))))
        .isEqualTo("SIZE_MISMATCH");
    assertThat(refused(() -> acme.put(header().setSizeBytes(-1), random(10))))
        .isEqualTo("ARTIFACT_TOO_LARGE");
    assertNothingIsVisible();
  }

  @Test
  void wrongBlobsAreRefusedAndLeaveNothing() {
    ByteString content = random(100);
    assertThat(refused(() -> acme.putBlobs(named(random(5), 100), chunk(content))))
        .isEqualTo("DIGEST_MISMATCH");
    assertThat(refused(() -> acme.putBlobs(named(content, 99), chunk(content))))
        .isEqualTo("SIZE_MISMATCH");
    assertThat(refused(() -> acme.putBlobs(named(content, 101), chunk(content))))
        .isEqualTo("SIZE_MISMATCH");
    assertThat(
            refused(
                () -> acme.putBlobs(named(content, 100), chunk(content.substring(50)), whole())))
        .isEqualTo("SIZE_MISMATCH");
    assertThat(refused(() -> acme.putBlobs(chunk(content)))).isEqualTo("INVALID_FIELD");
    assertThat(
            refused(
                () ->
                    acme.putBlobs(
                        UploadBlobsRequest.newBuilder()
                            .setWhole(
                                WholeBlobs.newBuilder()
                                    .addBlobs(
                                        WholeBlob.newBuilder()
                                            .setDigest(digest(random(5)))
                                            .setContent(content)))
                            .build())))
        .isEqualTo("DIGEST_MISMATCH");
    assertThat(refused(() -> acme.putBlobs(whole(random(600_000), random(500_000)))))
        .isEqualTo("INVALID_FIELD");
    assertNothingIsVisible();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void anUploadThatBreaksOffLeavesNothing(int messages) {
    Answers<StoreArtifactResponse> answers = new Answers<>();
    StreamObserver<StoreArtifactRequest> upload = acme.async().storeArtifact(answers);
    for (int i = 0; i < messages; i++) {
      upload.onNext(
          i == 0 ? acme.first(header().setName("n")) : StoreClient.chunk(random(100_000)));
    }
    upload.onError(new IllegalStateException("the client broke"));

    assertThat(refused(answers::all)).isEqualTo("CANCELLED");
    await().untilAsserted(() -> assertThat(fixture.transfers.count()).isZero());
    assertNothingIsVisible();
  }

  @Test
  void messagesInAWrongOrderAreRefused() {
    assertThat(refused(() -> sent())).isEqualTo("INVALID_FIELD");
    assertThat(refused(() -> sent(StoreClient.chunk(random(5))))).isEqualTo("INVALID_FIELD");
    assertThat(refused(() -> sent(acme.first(header()), acme.first(header()))))
        .isEqualTo("INVALID_FIELD");
    assertThat(refused(() -> sent(StoreArtifactRequest.getDefaultInstance())))
        .isEqualTo("INVALID_FIELD");
    assertThat(refused(() -> sent(acme.first(header()), StoreClient.chunk(random((1 << 20) + 1)))))
        .isEqualTo("INVALID_FIELD");
    acme.put("held", random(5));
    assertThat(
            refused(
                () ->
                    sent(
                        acme.first(header().setIfHeld(true).setDigest(digest(random(5)))),
                        StoreClient.chunk(random(5)))))
        .isEqualTo("INVALID_FIELD");
    assertThat(refused(() -> sent(acme.first(header().setIfHeld(true)))))
        .isEqualTo("INVALID_FIELD");
  }

  private StoreArtifactResponse sent(StoreArtifactRequest... messages) {
    Answers<StoreArtifactResponse> answers = new Answers<>();
    StreamObserver<StoreArtifactRequest> upload = acme.async().storeArtifact(answers);
    List.of(messages).forEach(upload::onNext);
    upload.onCompleted();
    return answers.all().getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\nb", "a\rb", "tab\t", "\u0000", "\u007f", "\u0085", "\u202egnp.exe", "\u2028"})
  void namesThatHideSomethingAreRefused(String name) {
    assertThat(refused(() -> acme.put(name, random(5)))).isEqualTo("INVALID_FIELD");
    assertThat(problem(() -> acme.find(name)).message()).doesNotContain(name);
  }

  @Test
  void nonsenseInHeadersIsRefused() {
    acme.put("x".repeat(512), random(5));
    assertThat(refused(() -> acme.put("x".repeat(513), random(5)))).isEqualTo("INVALID_FIELD");
    assertThat(refused(() -> acme.put("ä".repeat(257), random(5)))).isEqualTo("INVALID_FIELD");
    for (String type : List.of("text", "text/", "a/b\nc", "a/b; \u00e4", "/", "x".repeat(300))) {
      assertThat(refused(() -> acme.put(header().setMediaType(type), random(5))))
          .as(type)
          .isEqualTo("INVALID_FIELD");
    }
    for (long seconds : new long[] {0, -1, 365L * 86_400 + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      Duration lifetime = Duration.newBuilder().setSeconds(seconds).setNanos(5).build();
      if (seconds != 0) {
        assertThat(refused(() -> acme.put(header().setLifetime(lifetime), random(5))))
            .isEqualTo("INVALID_FIELD");
      }
    }
    assertThat(
            refused(
                () -> acme.put(header().setDigest(ByteString.copyFrom(new byte[31])), random(5))))
        .isEqualTo("INVALID_FIELD");
  }

  @Test
  void digestsAreCountedAndMeasured() {
    List<ByteString> most = Collections.nCopies(10_000, digest(random(5)));
    assertThat(acme.missing(most)).hasSize(1);
    List<ByteString> tooMany = Collections.nCopies(10_001, digest(random(5)));

    assertThat(refused(() -> acme.missing(tooMany))).isEqualTo("INVALID_FIELD");
    assertThat(refused(() -> acme.getBlobs(tooMany))).isEqualTo("INVALID_FIELD");
    assertThat(refused(() -> acme.missing(List.of(ByteString.copyFrom(new byte[33])))))
        .isEqualTo("INVALID_FIELD");
  }

  @Test
  void whatAnotherTenantHasIsNotThere() {
    ByteString content = random(1_000);
    Artifact artifact = acme.put("n", content);
    StoreClient other = fixture.tenant("other");

    assertThat(refused(() -> other.get(artifact.getId()))).isEqualTo("ARTIFACT_NOT_FOUND");
    assertThat(refused(() -> other.find("n"))).isEqualTo("ARTIFACT_NOT_FOUND");
    assertThat(refused(() -> other.getBlobs(List.of(digest(content))))).isEqualTo("BLOB_NOT_FOUND");
    assertThat(other.missing(List.of(digest(content)))).hasSize(1);
    assertThat(refused(() -> other.put(header().setIfHeld(true).setDigest(digest(content)))))
        .isEqualTo("BLOB_NOT_HELD");
    assertThat(other.list(ListArtifactsRequest.newBuilder()).getArtifactsCount()).isZero();
    assertThat(problem(() -> other.get(artifact.getId())))
        .isEqualTo(problem(() -> fixture.tenant("third").get(artifact.getId())));
  }

  @Test
  void nobodySpeaksForOthers() {
    fixture.leases.put(StoreFixture.LEASE, new LeaseRights("acme", "tsk_1", Set.of()));
    assertThat(refused(() -> fixture.worker().missing(List.of()))).isEqualTo("PERMISSION_DENIED");
    fixture.peer = StoreFixture.WORKER;
    assertThat(refused(() -> acme.missing(List.of()))).isEqualTo("PERMISSION_DENIED");
    assertThat(refused(() -> acme.put("n", random(5)))).isEqualTo("PERMISSION_DENIED");
    assertThat(
            refused(
                () -> new StoreClient(fixture.channel(), Requester.getDefaultInstance()).find("n")))
        .isEqualTo("INVALID_FIELD");
    fixture.peer = new dev.weft.platform.grpc.Peer("worker", "wkr_2");
    assertThat(refused(() -> fixture.worker().missing(List.of()))).isEqualTo("LEASE_NOT_HELD");
    fixture.peer = StoreFixture.GATEWAY;
    for (String tenant : List.of("", "a\nb", "x".repeat(65))) {
      assertThat(refused(() -> fixture.tenant(tenant).missing(List.of())))
          .isEqualTo("INVALID_FIELD");
    }
  }

  @Test
  void aLeaseThatEndsDuringAnUploadMakesNoArtifact() {
    fixture.leases.put(StoreFixture.LEASE, new LeaseRights("acme", "tsk_1", Set.of()));
    fixture.peer = StoreFixture.WORKER;
    Answers<StoreArtifactResponse> answers = new Answers<>();
    StreamObserver<StoreArtifactRequest> upload = acme.async().storeArtifact(answers);
    upload.onNext(fixture.worker().first(header().setName("n")));
    await().untilAsserted(() -> assertThat(fixture.store.unfinished()).isEqualTo(1));
    fixture.leases.clear();
    fixture.ticker.advance(java.time.Duration.ofSeconds(3));
    upload.onNext(StoreClient.chunk(random(5)));
    upload.onCompleted();

    assertThat(refused(answers::all)).isEqualTo("LEASE_NOT_HELD");
    fixture.peer = StoreFixture.GATEWAY;
    assertNothingIsVisible();
  }

  @Test
  void tooMuchIsRefused() {
    assertThat(refused(() -> acme.put(header().setSizeBytes(StoreFixture.MOST + 1), random(5))))
        .isEqualTo("ARTIFACT_TOO_LARGE");
    assertThat(refused(() -> acme.put("n", random((int) StoreFixture.MOST + 1))))
        .isEqualTo("ARTIFACT_TOO_LARGE");
    assertThat(refused(() -> acme.putBlobs(named(random(5), StoreFixture.MOST + 1))))
        .isEqualTo("ARTIFACT_TOO_LARGE");
    assertNothingIsVisible();
  }

  @Test
  void aFullStoreSaysSoAndKeepsNothingAndGoesOn() {
    fixture.store.free(100_000);
    assertThat(refused(() -> acme.put(header().setSizeBytes(99_500), random(99_500))))
        .isEqualTo("STORE_FULL");
    assertThat(refused(() -> acme.put("n", random(200_000)))).isEqualTo("STORE_FULL");
    fixture.store.free(500);
    assertThat(refused(() -> acme.put("n", random(5)))).isEqualTo("STORE_FULL");
    assertThat(refused(() -> acme.putBlobs(whole(random(5))))).isEqualTo("STORE_FULL");
    assertNothingIsVisible();
    fixture.store.free(1_000_000);

    assertThat(acme.get(acme.put("n", random(5)).getId())).isEqualTo(random(5));
  }

  @Test
  void damagedBytesAreNeverSentAndCanBeRepaired() {
    ByteString content = random(600_000);
    String id = acme.put("n", content).getId();
    ByteString small = random(10);
    acme.putBlobs(whole(small));
    fixture.store.rot();

    assertThat(refused(() -> acme.get(id, 0, 10))).isEqualTo("BLOB_CORRUPT");
    assertThat(refused(() -> acme.get(id))).isEqualTo("BLOB_CORRUPT");
    assertThat(refused(() -> acme.getBlobs(List.of(digest(small))))).isEqualTo("BLOB_CORRUPT");
    assertThat(fixture.meter.sent).isZero();
    assertThat(acme.missing(List.of(digest(content), digest(small)))).hasSize(2);
    assertThat(refused(() -> acme.put(header().setIfHeld(true).setDigest(digest(content)))))
        .isEqualTo("BLOB_NOT_HELD");
    acme.putBlobs(whole(content), whole(small));

    assertThat(acme.get(id)).isEqualTo(content);
    assertThat(acme.getBlobs(List.of(digest(small)))).containsValue(small);
    assertThat(fixture.meter.damaged).isEqualTo(2);
  }

  @Test
  void lostAndShortBytesAreDamagedToo() {
    String first = acme.put("n", random(1_000)).getId();
    fixture.store.truncate();
    assertThat(refused(() -> acme.get(first))).isEqualTo("BLOB_CORRUPT");
    String second = acme.put("m", random(2_000)).getId();
    fixture.store.lose();

    assertThat(refused(() -> acme.get(second))).isEqualTo("BLOB_CORRUPT");
    assertThat(acme.missing(List.of(digest(random(2_000))))).hasSize(1);
  }

  @Test
  void whoStandsStillIsEnded() {
    Answers<StoreArtifactResponse> answers = new Answers<>();
    StreamObserver<StoreArtifactRequest> upload = acme.async().storeArtifact(answers);
    upload.onNext(acme.first(header()));
    await().untilAsserted(() -> assertThat(fixture.store.unfinished()).isEqualTo(1));
    fixture.transfers.look();
    fixture.ticker.advance(StoreFixture.STALL.plusSeconds(1));
    await()
        .untilAsserted(
            () -> {
              fixture.transfers.look();
              assertThat(fixture.transfers.count()).isZero();
            });

    assertThat(refused(answers::all)).isEqualTo("TRANSFER_STALLED");
  }

  @Test
  void transfersAreCounted() {
    List<StreamObserver<StoreArtifactRequest>> open = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      open.add(acme.async().storeArtifact(new Answers<>()));
    }
    await().untilAsserted(() -> assertThat(fixture.transfers.count()).isEqualTo(8));

    assertThat(refused(() -> acme.put("n", random(5)))).isEqualTo("TOO_MANY_TRANSFERS");
    open.forEach(one -> one.onError(new IllegalStateException("enough")));
  }

  private void assertNothingIsVisible() {
    assertThat(acme.list(ListArtifactsRequest.newBuilder()).getArtifactsCount()).isZero();
    assertThat(fixture.store.unfinished()).isZero();
  }

  private static UploadBlobsRequest named(ByteString content, long size) {
    return UploadBlobsRequest.newBuilder()
        .setHeader(BlobHeader.newBuilder().setDigest(digest(content)).setSizeBytes(size))
        .build();
  }

  private static UploadBlobsRequest chunk(ByteString bytes) {
    return UploadBlobsRequest.newBuilder().setChunk(bytes).build();
  }
}
