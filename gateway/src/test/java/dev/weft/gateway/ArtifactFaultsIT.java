package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weft.gateway.testing.GatewayProcess;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.gateway.testing.StoredContent;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.UploadHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What bytes cost a gateway, whose artifact service then loses one replica after the other: in this
 * order, since none comes back.
 */
@TestMethodOrder(OrderAnnotation.class)
class ArtifactFaultsIT {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long LARGE = 256L << 20;
  private static final long MOST_MORE_KIB = 64L << 10;

  private static Neighbourhood neighbourhood;
  private static GatewayProcess gateway;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void settle() {
    neighbourhood = new Neighbourhood();
    Map<String, String> environment = new HashMap<>(neighbourhood.environment());
    // Encryption is slow without the last compiler.
    environment.put("JAVA_TOOL_OPTIONS", "");
    gateway = GatewayProcess.spawn(environment).awaitReady(neighbourhood.httpPort);
  }

  @AfterAll
  static void leave() {
    gateway.close();
    neighbourhood.close();
  }

  @AfterEach
  void disconnect() {
    http.shutdownNow();
  }

  @Test
  @Order(1)
  void bytesPassThroughAndAreNotHeld() throws Exception {
    StoredContent content = StoredContent.endless(LARGE);
    Artifact artifact =
        neighbourhood.store.keep("acme", UploadHeader.getDefaultInstance(), content);
    download(artifact);
    upload(LARGE / 4);
    long passed = neighbourhood.store.uploadedBytes.get();
    long before = residentKib();

    upload(LARGE);
    download(artifact);

    assertThat(residentKib() - before).isLessThan(MOST_MORE_KIB);
    assertThat(neighbourhood.store.uploadedBytes.get()).isEqualTo(passed + LARGE);
  }

  @Test
  @Order(2)
  void whileAReplicaIsLeftEverythingGoesOn() throws Exception {
    StoredContent content = StoredContent.endless(64L << 20);
    Artifact artifact =
        neighbourhood.store.keep("acme", UploadHeader.getDefaultInstance(), content);
    ByteString come;
    try (InputStream in = get("/v1/artifacts/" + artifact.getId() + "/content").body()) {
      MessageDigest digest = StoredContent.sha256();
      digest.update(in.readNBytes(1 << 20));

      neighbourhood.killStore(0);

      come = rest(in, digest);
    }
    assertThat(come).isEqualTo(content.digest());
    for (int i = 0; i < 20; i++) {
      assertThat(get("/v1/artifacts").statusCode()).isEqualTo(200);
      assertThat(put(1000)).isEqualTo(201);
    }
  }

  @Test
  @Order(3)
  void withoutAnyReplicaItSaysSoAndTasksGoOn() throws Exception {
    neighbourhood.killStore(0);
    neighbourhood.killStore(1);

    assertThat(put(1_000_000)).isEqualTo(503);
    assertThat(
            http.send(
                    request("/v1/tasks")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"spec\":{\"noop\":{}}}"))
                        .build(),
                    BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(201);
    HttpResponse<InputStream> status = get("/v1/status");
    assertThat(new String(status.body().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"role\":\"artifact\"")
        .contains("\"available\":false");
  }

  private void upload(long bytes) throws Exception {
    byte[] part = new byte[1 << 20];
    HttpRequest put =
        request("/v1/artifacts")
            .PUT(
                BodyPublishers.fromPublisher(
                    BodyPublishers.ofByteArrays(
                        () ->
                            java.util.stream.LongStream.range(0, bytes >> 20)
                                .mapToObj(_ -> part)
                                .iterator()),
                    bytes))
            .build();
    assertThat(http.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
  }

  private void download(Artifact artifact) throws Exception {
    long come = 0;
    try (InputStream in = get("/v1/artifacts/" + artifact.getId() + "/content").body()) {
      byte[] buffer = new byte[256 * 1024];
      for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
        come += read;
      }
    }
    assertThat(come).isEqualTo(LARGE);
  }

  private long residentKib() {
    // What the transfers left behind may be collected first.
    await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> true);
    try (var lines = Files.lines(Path.of("/proc/" + gateway.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteString rest(InputStream in, MessageDigest digest) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
      digest.update(buffer, 0, read);
    }
    return ByteString.copyFrom(digest.digest());
  }

  private int put(int bytes) throws Exception {
    return http.send(
            request("/v1/artifacts").PUT(BodyPublishers.ofByteArray(new byte[bytes])).build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private HttpResponse<InputStream> get(String path) throws Exception {
    return http.send(request(path).build(), BodyHandlers.ofInputStream());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + neighbourhood.httpPort + path))
        .header("Authorization", "Bearer " + neighbourhood.files.bearer);
  }
}
