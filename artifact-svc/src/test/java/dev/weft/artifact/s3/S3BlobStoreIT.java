package dev.weft.artifact.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.weft.artifact.app.BlobStore;
import dev.weft.artifact.app.BlobStore.SmallBlob;
import dev.weft.artifact.app.BlobStore.Source;
import dev.weft.artifact.app.BlobStore.Upload;
import dev.weft.artifact.app.BlobStoreContract;
import dev.weft.artifact.app.StoreMark;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.s3.FaultProxy.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.S3Client;

/** The contract over the real S3 client, and what the client must bear (R22). */
@Tag("foreign")
class S3BlobStoreIT extends BlobStoreContract {

  private static final int LARGE = 20_000_000;

  private static Moto moto;
  private static FaultProxy proxy;
  private S3BlobStore store;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    moto = new Moto(directory);
    proxy = new FaultProxy(moto.address());
  }

  @AfterAll
  static void stop() {
    proxy.close();
    moto.close();
  }

  @BeforeEach
  void open() {
    String bucket = "weft-" + UUID.randomUUID();
    S3Settings settings =
        new S3Settings(
            bucket,
            "pre/fix/",
            "us-east-1",
            Optional.of(proxy.address()),
            true,
            Optional.of(new S3Settings.Keys("key", "secret")),
            Duration.ofSeconds(2));
    try (S3Client client = settings.client()) {
      client.createBucket(create -> create.bucket(bucket));
    }
    store = new S3BlobStore(settings, InstantSource.system());
  }

  @AfterEach
  void close() {
    proxy.breakNext(0, Fault.ERROR, "", "");
    store.close();
  }

  @Override
  protected BlobStore store() {
    return store;
  }

  @Override
  protected StoreMark.InStore mark() {
    return store;
  }

  @ParameterizedTest
  @CsvSource({
    "ERROR, PUT, partNumber=2",
    "NO_ANSWER, PUT, partNumber=1",
    "ERROR, POST, uploads",
    "ERROR, POST, uploadId",
    "NO_ANSWER, POST, uploadId",
    "HALF_BODY, POST, uploadId"
  })
  void anUploadBearsAFault(Fault fault, String method, String query) throws IOException {
    proxy.breakNext(1, fault, method, query);
    String location = stored(store, "acme", random(LARGE));

    assertThat(proxy.broken()).isEqualTo(1);
    assertThat(read(store, "acme", location, 0, LARGE)).isEqualTo(random(LARGE));
  }

  @ParameterizedTest
  @CsvSource({"ERROR, ''", "NO_ANSWER, ''"})
  void smallOnesBearAFault(Fault fault, String query) throws IOException {
    List<SmallBlob> blobs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      byte[] content = random(1_000 + i);
      blobs.add(new SmallBlob(Digest.ofContent(content), content));
    }
    proxy.breakNext(3, fault, "PUT", query);
    List<String> locations = store.storeSmall("acme", blobs);

    assertThat(proxy.broken()).isEqualTo(3);
    for (int i = 0; i < 20; i++) {
      assertThat(read(store, "acme", locations.get(i), 0, 2_000)).isEqualTo(random(1_000 + i));
    }
  }

  @ParameterizedTest
  @CsvSource({"ERROR", "NO_ANSWER", "HALF_BODY"})
  void aDownloadBearsAFault(Fault fault) throws IOException {
    String location = stored(store, "acme", random(LARGE));
    proxy.breakNext(1, fault, "GET", "");
    byte[] content = read(store, "acme", location, 0, LARGE);

    assertThat(proxy.broken()).isEqualTo(1);
    assertThat(content).isEqualTo(random(LARGE));
  }

  @Test
  void aDownloadThatBreaksOverAndOverFailsInsteadOfEndingShort() throws IOException {
    String location = stored(store, "acme", random(LARGE));
    try (Source source = store.open("acme", location)) {
      proxy.breakNext(1_000, Fault.ERROR, "GET", "");

      assertThatIOException().isThrownBy(() -> source.read(1_000_000, new byte[LARGE]));
    }
  }

  @ParameterizedTest
  @CsvSource({"PUT, partNumber=2", "POST, uploads", "POST, uploadId"})
  void anUploadThatFailsForGoodLeavesNothing(String method, String query) throws IOException {
    proxy.breakNext(1_000, Fault.ERROR, method, query);
    try (Upload upload = store.begin("acme")) {
      assertThatIOException()
          .isThrownBy(
              () -> {
                upload.write(ByteBuffer.wrap(random(LARGE)));
                upload.finish(Digest.ofContent(random(LARGE)));
              });
    }
    proxy.breakNext(0, Fault.ERROR, "", "");

    assertThat(store.isEmpty()).isTrue();
    assertThat(stored(store, "acme", random(LARGE))).isNotEmpty();
  }

  @Test
  void uploadsThatNobodyEndedAreDropped() throws IOException {
    Upload left = store.begin("acme");
    left.write(ByteBuffer.wrap(random(LARGE)));
    // Moto says that every upload began in 2010.
    store.dropUnfinished(Duration.ofHours(1));

    assertThatIOException()
        .isThrownBy(
            () -> {
              left.write(ByteBuffer.wrap(random(LARGE)));
              left.finish(Digest.ofContent(random(LARGE)));
            });
    left.close();
  }

  @Test
  void aScanGoesOverPagesAndTenants() throws IOException {
    List<SmallBlob> blobs = new ArrayList<>();
    for (int i = 0; i < 1_100; i++) {
      byte[] content = {(byte) i, (byte) (i >> 8)};
      blobs.add(new SmallBlob(Digest.ofContent(content), content));
    }
    List<String> expected = new ArrayList<>();
    store.storeSmall("acme", blobs).forEach(one -> expected.add("acme " + one));
    store.storeSmall("B", blobs.subList(0, 3)).forEach(one -> expected.add("B " + one));
    List<String> found = new ArrayList<>();
    store.scan(
        Duration.ZERO,
        (tenant, locations) -> locations.forEach(one -> found.add(tenant + " " + one)));

    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }
}
