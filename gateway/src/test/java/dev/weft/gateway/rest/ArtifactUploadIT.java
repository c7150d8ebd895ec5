package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import com.google.protobuf.ByteString;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.gateway.testing.RawHttp;
import dev.weft.gateway.testing.StoreState;
import dev.weft.gateway.testing.StoredContent;
import dev.weft.gateway.testing.Tenants;
import io.grpc.Status.Code;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Raw bodies on their way up through a real gateway. */
class ArtifactUploadIT {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final byte[] HELLO = "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8);
  private static final StoreState STORE = neighbourhood().store;

  @AfterEach
  void nothingIsLeftOpen() {
    STORE.stuck = false;
    await().atMost(SOON).until(() -> STORE.openUploads.get() == 0);
  }

  @Test
  void aBodyBecomesAnArtifact() {
    String digest = DigestHeader.of(StoredContent.digestOf(ByteString.copyFrom(HELLO)));

    String id =
        bytes(request(), HELLO)
            .header("Content-Digest", digest)
            .header("Content-Type", "text/x-greeting; charset=utf-8")
            .put("/v1/artifacts?name=dir/greeting&ttl=2h")
            .then()
            .statusCode(201)
            .header("Location", startsWith("/v1/artifacts/art_"))
            .body("artifact.name", equalTo("dir/greeting"))
            .body("artifact.sizeBytes", equalTo("5"))
            .body("artifact.mediaType", equalTo("text/x-greeting; charset=utf-8"))
            .extract()
            .path("artifact.id");

    request()
        .get("/v1/artifacts/" + id)
        .then()
        .statusCode(200)
        .body("artifact.name", equalTo("dir/greeting"));
    request()
        .get("/v1/artifacts/dir%2Fgreeting/content")
        .then()
        .statusCode(200)
        .body(equalTo("hello"));
  }

  @Test
  void whatTheDigestDoesNotNameIsNotStored() {
    String other = DigestHeader.of(StoredContent.digestOf(ByteString.copyFromUtf8("other")));

    bytes(request(), HELLO)
        .header("Repr-Digest", other)
        .post("/v1/artifacts?name=never")
        .then()
        .statusCode(400)
        .body("reason", equalTo("DIGEST_MISMATCH"));
    request().get("/v1/artifacts/never").then().statusCode(404);
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Digest, sha-256=:AAAA:, digest",
    "Content-Digest, sha-256=nothing, digest",
    "Content-Type, no type, mediaType",
    "X, ?ttl=0s, lifetime",
    "X, ?ttl=366d, lifetime",
    "X, ?ttl=soon, ttl",
    "X, ?name=a%0Ab, name",
    "X, ?ifHeld=true, ifHeld",
    "X, ?ifHeld=maybe, ifHeld"
  })
  void whatMakesNoSenseIsRefusedByItsName(String header, String value, String field) {
    boolean query = value.startsWith("?");
    bytes(request(), HELLO)
        .header(header, query ? "x" : value)
        .put("/v1/artifacts" + (query ? value : ""))
        .then()
        .statusCode(400)
        .body("reason", equalTo("INVALID_FIELD"))
        .body("fieldViolations[0].field", equalTo(field));
  }

  @Test
  void anEncodedBodyIsNotTaken() {
    bytes(request(), HELLO)
        .header("Content-Encoding", "gzip")
        .put("/v1/artifacts")
        .then()
        .statusCode(415);
  }

  @Test
  void aLengthBeyondTheBoundIsRefusedBeforeTheBody() throws IOException {
    try (RawHttp http = RawHttp.open(neighbourhood().httpPort)) {
      String answer =
          http.head(
                  "PUT /v1/artifacts",
                  neighbourhood().files.bearer,
                  "Expect: 100-continue",
                  "Content-Length: " + (Neighbourhood.MOST_ARTIFACT + 1))
              .rest();

      assertThat(answer).startsWith("HTTP/1.1 413").contains("ARTIFACT_TOO_LARGE");
    }
  }

  @Test
  void whoAsksWhetherToGoOnIsTold() throws IOException {
    try (RawHttp http = RawHttp.open(neighbourhood().httpPort)) {
      http.head(
          "PUT /v1/artifacts",
          neighbourhood().files.bearer,
          "Expect: 100-continue",
          "Connection: close",
          "Content-Length: 5");

      assertThat(http.some()).startsWith("HTTP/1.1 100");
      assertThat(http.send(HELLO).rest()).startsWith("HTTP/1.1 201");
    }
  }

  @Test
  void bytesInTheWindAreNoArtifact() throws IOException {
    int before = STORE.list("acme").size();
    try (RawHttp http = RawHttp.open(neighbourhood().httpPort)) {
      http.head("PUT /v1/artifacts", neighbourhood().files.bearer, "Content-Length: 1000000")
          .send(new byte[500_000]);
      await().atMost(SOON).until(() -> STORE.openUploads.get() == 1);
    }

    await().atMost(SOON).until(() -> STORE.openUploads.get() == 0);
    assertThat(STORE.list("acme")).hasSize(before);
  }

  @Test
  void aSenderWhoFallsSilentIsLetGo() throws IOException {
    int before = STORE.list("acme").size();
    try (RawHttp http = RawHttp.open(neighbourhood().httpPort)) {
      String answer =
          http.head("PUT /v1/artifacts", neighbourhood().files.bearer, "Transfer-Encoding: chunked")
              .chunk(HELLO)
              .rest();

      assertThat(answer).startsWith("HTTP/1.1 408").contains("UPLOAD_STALLED");
    }
    assertThat(STORE.list("acme")).hasSize(before);
  }

  @Test
  void aStoreThatGoesAwayInTheMiddleIsAClearAnswer() {
    int before = STORE.list("acme").size();
    STORE.breakUploadAfter.set(300_000);

    bytes(request(), new byte[2_000_000])
        .put("/v1/artifacts")
        .then()
        .statusCode(503)
        .header("Retry-After", "1")
        .body("reason", equalTo("UPLOAD_INTERRUPTED"));
    assertThat(STORE.list("acme")).hasSize(before);
  }

  @Test
  void aFullStoreIsAClearAnswer() {
    STORE.refusal =
        Optional.of(StoreState.failure("STORE_FULL", Code.RESOURCE_EXHAUSTED, "disk: full"));

    bytes(request(), new byte[2_000_000])
        .put("/v1/artifacts")
        .then()
        .statusCode(507)
        .body("reason", equalTo("STORE_FULL"));
  }

  @Test
  void aSlowStoreIsNotRunOver() throws Exception {
    STORE.stuck = true;
    long before = STORE.uploadedBytes.get();
    long[] written = new long[1];
    try (RawHttp http = RawHttp.open(neighbourhood().httpPort)) {
      http.head(
          "PUT /v1/artifacts",
          neighbourhood().files.bearer,
          "Connection: close",
          "Content-Length: 100000000");
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    byte[] part = new byte[100_000];
                    for (int i = 0; i < 1000; i++) {
                      try {
                        http.out().write(part);
                      } catch (IOException e) {
                        return;
                      }
                      written[0] += part.length;
                    }
                  });
      await()
          .during(Duration.ofMillis(500))
          .atMost(SOON)
          .until(() -> sender.isAlive() && written[0] < 30_000_000);
      // Longer than a silent sender would be borne: the store is slow, not the sender.
      await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(6)).until(sender::isAlive);

      STORE.stuck = false;

      assertThat(http.rest()).startsWith("HTTP/1.1 201");
      assertThat(STORE.uploadedBytes.get() - before).isEqualTo(100_000_000);
    }
  }

  @Test
  void smallPiecesTravelTogether() throws IOException {
    int before = STORE.uploadMessages.get();
    try (RawHttp http = RawHttp.open(neighbourhood().httpPort)) {
      http.head(
          "PUT /v1/artifacts",
          neighbourhood().files.bearer,
          "Connection: close",
          "Transfer-Encoding: chunked");
      for (int i = 0; i < 5_000; i++) {
        http.chunk(new byte[100]);
      }
      assertThat(http.chunk(new byte[0]).rest()).startsWith("HTTP/1.1 201");
    }

    assertThat(STORE.uploadMessages.get() - before).isEqualTo(2);
  }

  @Test
  void whoMayNotStoreDoesNot() {
    bytes(with(Tenants.token("artifacts.read")), HELLO)
        .put("/v1/artifacts")
        .then()
        .statusCode(403)
        .body("metadata.scope", equalTo("artifacts.write"));
    bytes(with("wft_nobody"), new byte[3_000_000]).put("/v1/artifacts").then().statusCode(401);
  }

  private static RequestSpecification bytes(RequestSpecification request, byte[] body) {
    return request.body(body);
  }
}
