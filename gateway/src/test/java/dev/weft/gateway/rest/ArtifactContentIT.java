package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.anonymous;
import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import com.google.protobuf.ByteString;
import dev.weft.gateway.testing.RawHttp;
import dev.weft.gateway.testing.StoreState;
import dev.weft.gateway.testing.StoredContent;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.UploadHeader;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes on their way down through a real gateway, and what is known of them. */
class ArtifactContentIT {

  private static final StoreState STORE = neighbourhood().store;
  private static final Artifact DIGITS = keep("acme", "digits", "0123456789");

  @Test
  void theBytesComeAsTheyAreAndNoBrowserRunsThem() {
    Response answer = request().get(content(DIGITS));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.asString()).isEqualTo("0123456789");
    assertThat(answer.header("ETag")).isEqualTo(tag(DIGITS));
    assertThat(answer.header("Repr-Digest")).isEqualTo(DigestHeader.of(DIGITS.getDigest()));
    assertThat(answer.header("Content-Type")).isEqualTo("text/html");
    assertThat(answer.header("Content-Length")).isEqualTo("10");
    assertThat(answer.header("Content-Disposition")).startsWith("attachment");
    assertThat(answer.header("Content-Security-Policy")).contains("sandbox");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-3, 0123, bytes 0-3/10",
    "bytes=4-4, 4, bytes 4-4/10",
    "bytes=7-, 789, bytes 7-9/10",
    "bytes=-2, 89, bytes 8-9/10",
    "bytes=-99, 0123456789, bytes 0-9/10",
    "bytes=5-99, 56789, bytes 5-9/10"
  })
  void aRangeIsAnswered(String range, String bytes, String described) {
    Response answer = request().header("Range", range).get(content(DIGITS));

    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.asString()).isEqualTo(bytes);
    assertThat(answer.header("Content-Range")).isEqualTo(described);
  }

  @ParameterizedTest
  @CsvSource({"bytes=10-", "bytes=99-100", "bytes=-0"})
  void aRangeBeyondTheEndIsAProblem(String range) {
    request()
        .header("Range", range)
        .get(content(DIGITS))
        .then()
        .statusCode(416)
        .header("Content-Range", "bytes */10")
        .body("reason", equalTo("RANGE_NOT_SATISFIABLE"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"bytes=3-1", "bytes=0-1,4-5", "lines=1-2", "bytes=", "bytes=-"})
  void whatIsNoSingleRangeIsPassedOver(String range) {
    request()
        .header("Range", range)
        .get(content(DIGITS))
        .then()
        .statusCode(200)
        .body(equalTo("0123456789"));
  }

  @Test
  void whoHasItAlreadyIsTold() {
    String tag = tag(DIGITS);

    assertThat(request().header("If-None-Match", tag).get(content(DIGITS)).statusCode())
        .isEqualTo(304);
    assertThat(
            request().header("If-None-Match", "\"x\", W/" + tag).get(content(DIGITS)).statusCode())
        .isEqualTo(304);
    assertThat(request().header("If-None-Match", "\"x\"").get(content(DIGITS)).statusCode())
        .isEqualTo(200);
    assertThat(
            request()
                .header("Range", "bytes=0-3")
                .header("If-Range", "\"x\"")
                .get(content(DIGITS))
                .asString())
        .isEqualTo("0123456789");
    assertThat(
            request()
                .header("Range", "bytes=0-3")
                .header("If-Range", tag)
                .get(content(DIGITS))
                .asString())
        .isEqualTo("0123");
  }

  @Test
  void aHeadSaysWhatAGetWould() {
    int before = STORE.downloads.get();

    Response answer = request().head(content(DIGITS));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.header("Content-Length")).isEqualTo("10");
    assertThat(answer.header("ETag")).isEqualTo(tag(DIGITS));
    assertThat(STORE.downloads.get()).isEqualTo(before);
  }

  @Test
  void anEmptyArtifactIsEmpty() {
    Artifact empty = keep("acme", "empty", "");

    Response answer = request().get(content(empty));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.header("Content-Length")).isEqualTo("0");
    assertThat(request().header("Range", "bytes=0-").get(content(empty)).statusCode())
        .isEqualTo(416);
  }

  @Test
  void aStoreThatGoesAwayInTheMiddleIsNotNoticed() throws Exception {
    StoredContent large = StoredContent.endless(20_000_000);
    Artifact artifact =
        STORE.keep("acme", UploadHeader.newBuilder().setName("large").build(), large);
    int before = STORE.downloads.get();
    STORE.breakDownloadAfter.set(3_000_000);

    try (InputStream in = stream(content(artifact)).body()) {
      assertThat(digest(in)).isEqualTo(large.digest());
    }
    assertThat(STORE.downloads.get() - before).isEqualTo(2);
  }

  @Test
  void aReaderWhoDoesNotReadHoldsNothing() throws Exception {
    Artifact artifact =
        STORE.keep("acme", UploadHeader.getDefaultInstance(), StoredContent.endless(1L << 29));
    try (RawHttp slow = RawHttp.open(neighbourhood().httpPort)) {
      slow.head("GET " + content(artifact), neighbourhood().files.bearer);
      assertThat(slow.some()).startsWith("HTTP/1.1 200");

      // Others are served meanwhile.
      assertThat(request().get(content(DIGITS)).asString()).isEqualTo("0123456789");
      assertThat(slow.in().readNBytes(5_000_000)).hasSize(5_000_000);
    }
  }

  @Test
  void artifactsAreListedAndDeleted() {
    Artifact artifact = keep("acme", "to-be-listed", "x");

    request()
        .get("/v1/artifacts?name=to-be-listed")
        .then()
        .statusCode(200)
        .body("artifacts", hasSize(1))
        .body("artifacts.id", hasItem(artifact.getId()));
    request().delete("/v1/artifacts/" + artifact.getId()).then().statusCode(200);
    request().delete("/v1/artifacts/" + artifact.getId()).then().statusCode(200);
    request()
        .get("/v1/artifacts/" + artifact.getId())
        .then()
        .statusCode(404)
        .body("reason", equalTo("ARTIFACT_NOT_FOUND"));
    request().get("/v1/artifacts?pageSize=-1").then().statusCode(400);
    request().get("/v1/artifacts?task=x").then().statusCode(400);
    request().get("/v1/artifacts/" + "n".repeat(513)).then().statusCode(400);
  }

  @Test
  void missingBlobsAreNamed() {
    ByteString held = ByteString.copyFromUtf8("held");
    STORE.blobs("acme").put(StoredContent.digestOf(held), held);
    ByteString other = StoredContent.digestOf(ByteString.copyFromUtf8("not held"));

    request()
        .contentType("application/json")
        .body(Map.of("digests", List.of(base64(StoredContent.digestOf(held)), base64(other))))
        .post("/v1/blobs:missing")
        .then()
        .statusCode(200)
        .body("digests", equalTo(List.of(base64(other))));
    request()
        .contentType("application/json")
        .body("{\"digests\":[\"AAAA\"]}")
        .post("/v1/blobs:missing")
        .then()
        .statusCode(400)
        .body("fieldViolations[0].field", equalTo("digests[0]"));
  }

  @Test
  void anotherTenantsArtifactIsNotThere() {
    String stranger = Tenants.stranger();

    for (String path : List.of("/v1/artifacts/" + DIGITS.getId(), content(DIGITS))) {
      with(stranger).get(path).then().statusCode(404).body("reason", equalTo("ARTIFACT_NOT_FOUND"));
    }
    with(stranger).get("/v1/artifacts").then().statusCode(200).body("artifacts", hasSize(0));
    with(stranger).delete("/v1/artifacts/" + DIGITS.getId()).then().statusCode(200);
    request().get("/v1/artifacts/" + DIGITS.getId()).then().statusCode(200);
  }

  @Test
  void whoMayNotReadDoesNot() {
    String writer = Tenants.token("artifacts.write");

    with(writer).get(content(DIGITS)).then().statusCode(403);
    with(writer).get("/v1/artifacts").then().statusCode(403);
    with(Tenants.token("artifacts.read"))
        .delete("/v1/artifacts/" + DIGITS.getId())
        .then()
        .statusCode(403);
    anonymous().get(content(DIGITS)).then().statusCode(401);
    request().post(content(DIGITS)).then().statusCode(405).header("Allow", "GET, HEAD");
  }

  private static HttpResponse<InputStream> stream(String path)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + neighbourhood().httpPort + path))
                .header("Authorization", "Bearer " + neighbourhood().files.bearer)
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
  }

  private static ByteString digest(InputStream in) throws IOException {
    MessageDigest digest = StoredContent.sha256();
    byte[] buffer = new byte[64 * 1024];
    for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
      digest.update(buffer, 0, read);
    }
    return ByteString.copyFrom(digest.digest());
  }

  private static Artifact keep(String tenant, String name, String text) {
    return STORE.keep(
        tenant,
        UploadHeader.newBuilder().setName(name).setMediaType("text/html").build(),
        StoredContent.of(ByteString.copyFromUtf8(text)));
  }

  private static String content(Artifact artifact) {
    return "/v1/artifacts/" + artifact.getId() + "/content";
  }

  private static String tag(Artifact artifact) {
    return '"' + java.util.HexFormat.of().formatHex(artifact.getDigest().toByteArray()) + '"';
  }

  private static String base64(ByteString bytes) {
    return java.util.Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
