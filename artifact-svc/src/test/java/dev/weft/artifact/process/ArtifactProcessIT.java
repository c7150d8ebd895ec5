package dev.weft.artifact.process;

import static dev.weft.artifact.testing.StoreClient.header;
import static dev.weft.artifact.testing.StoreClient.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weft.artifact.testing.Pattern;
import dev.weft.artifact.testing.StoreClient;
import dev.weft.artifact.testing.StoreClient.Answers;
import dev.weft.parts.BinaryFinder;
import dev.weft.parts.FreePort;
import dev.weft.parts.Lifetime;
import dev.weft.parts.PostgresProcess;
import dev.weft.parts.RedisProcess;
import dev.weft.parts.RedisSettings;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.platform.testing.ServiceProcess;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.internal.artifact.v1.FetchArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FetchArtifactResponse;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.work.v1.AttemptKey;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas over one directory and one database. */
@WithPostgres
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArtifactProcessIT {

  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String TENANT = "acme";

  private final ScratchDatabase scratch;
  private final Path directory;
  private ArtifactRig rig;
  private RedisProcess redis;
  private ServiceProcess first;
  private ServiceProcess second;
  private StoreClient one;
  private StoreClient two;

  ArtifactProcessIT(ScratchDatabase scratch, @TempDir Path directory) {
    this.scratch = scratch;
    this.directory = directory;
  }

  @BeforeAll
  void open() throws IOException {
    rig = new ArtifactRig(directory, scratch.service("artifact"));
    redis =
        RedisProcess.start(
            new RedisSettings(
                Files.createDirectory(directory.resolve("redis")),
                FreePort.find(),
                "secret",
                Lifetime.OWNER),
            new BinaryFinder(System.getenv()));
    Map<String, String> more = Map.of("WEFT_REDIS_URL", redis.url());
    first = rig.start("artifact-1", more);
    second = rig.start("artifact-2", more);
    one = StoreClient.ofTenant(rig.dial(first.awaitReady(), "gateway", "gateway-1"), TENANT);
    two = StoreClient.ofTenant(rig.dial(second.awaitReady(), "gateway", "gateway-2"), TENANT);
  }

  @BeforeEach
  void revive() {
    for (ServiceProcess process : List.of(first, second)) {
      if (!process.isRunning()) {
        process.restart();
        process.awaitReady();
      }
    }
    for (Artifact left : two.list(ListArtifactsRequest.newBuilder()).getArtifactsList()) {
      two.remove(left.getId());
    }
  }

  @AfterAll
  void close() {
    rig.close();
    redis.kill();
  }

  @Test
  void aReplicaKilledInAnUploadLeavesNothingVisibleAndTheOtherServesOn() throws IOException {
    List<Path> before = blobFiles();
    Answers<StoreArtifactResponse> answers = new Answers<>();
    StreamObserver<StoreArtifactRequest> upload = one.async().storeArtifact(answers);
    upload.onNext(one.first(header().setName("broken")));
    for (int i = 0; i < 20; i++) {
      upload.onNext(StoreClient.chunk(Pattern.chunk(i)));
    }
    await().atMost(SOON).until(() -> unfinishedBytes() > 5 << 20);
    first.kill();

    assertThat(refused(answers::all)).isEqualTo("UNAVAILABLE");
    assertThat(two.list(ListArtifactsRequest.newBuilder()).getArtifactsCount()).isZero();
    assertThat(refused(() -> two.find("broken"))).isEqualTo("ARTIFACT_NOT_FOUND");
    assertThat(blobFiles()).containsExactlyInAnyOrderElementsOf(before);
    Artifact again = two.put("broken", Pattern.chunk(1));
    assertThat(two.get(again.getId())).isEqualTo(Pattern.chunk(1));
    first.restart();
    first.awaitReady();
    assertThat(unfinishedBytes()).isZero();
    assertThat(one.get("broken")).isEqualTo(Pattern.chunk(1));
  }

  @Test
  void aDownloadThatBreaksWithItsReplicaGoesOnAtTheOther() {
    int chunks = 40;
    String id = upload(one, "large", chunks);
    Iterator<FetchArtifactResponse> steps = fetch(one, id, 0);
    long got = 0;
    boolean broke = false;
    steps.next();
    try {
      while (steps.hasNext()) {
        got += checked(got, steps.next());
        if (got == 4 << 20) {
          first.kill();
        }
      }
    } catch (StatusRuntimeException e) {
      broke = true;
    }

    assertThat(broke).isTrue();
    assertThat(got).isLessThan((long) chunks << 20);
    steps = fetch(two, id, got);
    steps.next();
    while (steps.hasNext()) {
      got += checked(got, steps.next());
    }
    assertThat(got).isEqualTo((long) chunks << 20);
  }

  @Test
  void howMuchIsCarriedCostsNoMemory() throws IOException {
    upload(one, "warm up", 64);
    Iterator<FetchArtifactResponse> steps = fetch(one, "warm up", 0);
    while (steps.hasNext()) {
      steps.next();
    }
    long before = first.resident();
    // More than the process may have at all.
    String id = upload(one, "huge", 400);
    steps = fetch(one, id, 0);
    steps.next();
    long got = 0;
    while (steps.hasNext()) {
      got += checked(got, steps.next());
    }

    assertThat(got).isEqualTo(400L << 20);
    assertThat(first.resident() - before).isLessThan(64L << 20);
  }

  @Test
  void aSlowReaderHoldsNothingUpAndCostsLittle() throws IOException {
    String id = upload(one, "large", 100);
    Iterator<FetchArtifactResponse> slow = fetch(one, id, 0);
    slow.next();
    long before = first.resident();
    assertThat(one.get(one.put("small", Pattern.chunk(3)).getId())).isEqualTo(Pattern.chunk(3));

    assertThat(first.resident() - before).isLessThan(64L << 20);
    long got = 0;
    while (slow.hasNext()) {
      got += checked(got, slow.next());
    }
    assertThat(got).isEqualTo(100L << 20);
  }

  @Test
  void damagedFilesAreNotServedByAnybody() throws IOException {
    String id = upload(one, "n", 3);
    String digest = HexFormat.of().formatHex(one.find(id).getDigest().toByteArray());
    Path file =
        blobFiles().stream()
            .filter(path -> path.getFileName().toString().startsWith(digest))
            .findFirst()
            .orElseThrow();
    byte[] bytes = Files.readAllBytes(file);
    bytes[1_500_000] ^= 1;
    Files.write(file, bytes);

    assertThat(refused(() -> two.get(id))).isEqualTo("BLOB_CORRUPT");
    assertThat(refused(() -> one.get(id, 0, 10))).isEqualTo("BLOB_CORRUPT");
    upload(one, "again", 3);
    assertThat(two.get(id)).isEqualTo(one.get("again"));
  }

  @Test
  void withoutPostgresCallersAreToldToComeAgainAndThenServed() {
    String id = one.put("n", Pattern.chunk(1)).getId();
    PostgresProcess postgres = scratch.server();
    postgres.kill();
    try {
      assertThat(refused(() -> one.find(id))).isEqualTo("STORE_UNAVAILABLE");
      assertThat(first.isReady()).isTrue();
    } finally {
      postgres.start();
    }

    await().atMost(SOON).ignoreExceptions().until(() -> one.find(id).getName().equals("n"));
    assertThat(one.get(id)).isEqualTo(Pattern.chunk(1));
  }

  @Test
  void smallBlobsAreSharedThroughRedisWhoseDeathIsHarmless() {
    AtomicInteger size = new AtomicInteger(1_000);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              // Another one each time: what came from the store once is in memory from then on.
              ByteString small = Pattern.chunk(1).substring(0, size.incrementAndGet());
              one.putBlobs(StoreClient.whole(small));
              assertThat(two.getBlobs(List.of(StoreClient.digest(small)))).containsValue(small);
              assertThat(second.page("/q/metrics"))
                  .containsPattern("small_reads_total\\{tier=\"redis\"} [1-9]");
            });
    ByteString small = Pattern.chunk(1).substring(0, size.get());
    redis.kill();
    ByteString other = Pattern.chunk(2).substring(0, 1_000);
    one.putBlobs(StoreClient.whole(other));

    assertThat(two.getBlobs(List.of(StoreClient.digest(small), StoreClient.digest(other))))
        .containsValues(small, other);
    assertThat(first.isReady()).isTrue();
  }

  @Test
  void aWorkerIsServedForTheLeaseItHolds() {
    String input = one.put("in", Pattern.chunk(1)).getId();
    AttemptKey key = AttemptKey.newBuilder().setTaskId("tsk_1").setAttempt(1).setFence(9).build();
    CheckLeaseRequest lease =
        CheckLeaseRequest.newBuilder().setWorkerId("wkr_1").setLease(key).build();
    rig.leases.grant(
        lease, CheckLeaseResponse.newBuilder().setTenant(TENANT).addArtifactIds(input).build());
    StoreClient worker =
        new StoreClient(
            rig.dial(second, "worker", "wkr_1"), Requester.newBuilder().setLease(key).build());
    StoreClient thief =
        new StoreClient(
            rig.dial(second, "worker", "wkr_2"), Requester.newBuilder().setLease(key).build());

    assertThat(worker.get(input)).isEqualTo(Pattern.chunk(1));
    assertThat(worker.put("out", Pattern.chunk(2)).getTaskId()).isEqualTo("tsk_1");
    assertThat(refused(() -> thief.get(input))).isEqualTo("LEASE_NOT_HELD");
    assertThat(
            refused(
                () -> StoreClient.ofTenant(rig.dial(first, "worker", "wkr_1"), TENANT).find("in")))
        .isEqualTo("PERMISSION_DENIED");
    assertThat(
            refused(
                () -> StoreClient.ofTenant(rig.dial(first, "registry", "r"), TENANT).find("in")))
        .isEqualTo("ROLE_NOT_ALLOWED");
    rig.leases.end(lease);
    await().atMost(SOON).until(() -> refused(() -> worker.get("nothing")).equals("LEASE_NOT_HELD"));
  }

  @Test
  void itShowsWhatItDoesWithBoundedLabelsAndEndsWhenAsked() {
    one.put("n", Pattern.chunk(1));

    assertThat(first.page("/q/metrics"))
        .containsPattern("weft_artifact_received_bytes_total [1-9]")
        .contains("weft_artifact_store_free_bytes")
        .contains("weft_artifact_small_reads_total{tier=\"memory\"}")
        .doesNotContain(TENANT);
    first.signal("TERM");
    assertThat(first.awaitExit(Duration.ofSeconds(20))).isTrue();
    assertThat(first.log()).doesNotContain("Exception");
  }

  @Test
  void aReplicaWithAnotherDirectoryDoesNotStart() throws IOException {
    one.put("n", Pattern.chunk(1));
    ServiceProcess stranger =
        rig.start(
            "artifact-3",
            Map.of("WEFT_ARTIFACT_DIRECTORY", directory.resolve("elsewhere").toString()));

    assertThat(stranger.awaitExit(SOON)).isTrue();
    assertThat(stranger.log()).contains("blob store: has no mark");
  }

  private static String upload(StoreClient client, String name, int chunks) {
    return client.upload(header().setName(name), Pattern.chunks(chunks)).getId();
  }

  private static Iterator<FetchArtifactResponse> fetch(StoreClient client, String id, long from) {
    return client
        .blocking()
        .fetchArtifact(
            FetchArtifactRequest.newBuilder()
                .setRequester(Requester.newBuilder().setTenant(TENANT))
                .setDownload(DownloadArtifactRequest.newBuilder().setArtifactId(id).setOffset(from))
                .build());
  }

  /** Fails unless these are the bytes at this place. */
  private static int checked(long position, FetchArtifactResponse step) {
    ByteString chunk = step.getStep().getChunk();
    assertThat(chunk.isEmpty()).isFalse();
    for (int start = 0; start < chunk.size(); ) {
      int from = (int) ((position + start) % (1 << 20));
      int length = Math.min(chunk.size() - start, (1 << 20) - from);
      ByteString expected =
          Pattern.chunk((int) ((position + start) >> 20)).substring(from, from + length);
      assertThat(chunk.substring(start, start + length).equals(expected)).isTrue();
      start += length;
    }
    return chunk.size();
  }

  private long unfinishedBytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(rig.blobs().resolve("tmp"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private List<Path> blobFiles() throws IOException {
    try (Stream<Path> files = Files.walk(rig.blobs().resolve("blobs"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
