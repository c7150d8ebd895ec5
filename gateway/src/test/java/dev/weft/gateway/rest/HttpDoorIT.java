package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workers, status, and how the HTTP door bears what is no decent request. */
class HttpDoorIT {

  @Test
  void aWorkersHealthIsServedWithTheFieldsOfAHealthPage() {
    request()
        .get("/v1/workers/gpu-tokyo-01/health")
        .then()
        .statusCode(200)
        .body("status", equalTo("healthy"))
        .body("instance_id", equalTo("wkr_01k0000000000000000000000a"))
        .body("metrics.cpu_percent", equalTo(45.2f))
        .body("metrics.queue_depth", equalTo(0))
        .body("services.shell", equalTo("ready"))
        .body("grade", equalTo("HEALTH_GRADE_ELIGIBLE"));
    request()
        .get("/v1/workers/nobody/health")
        .then()
        .statusCode(404)
        .body("reason", equalTo("WORKER_NOT_FOUND"));
    request().get("/v1/workers/%20/health").then().statusCode(400);
  }

  @Test
  void workersAreListedReadAndDrained() {
    request()
        .get("/v1/workers")
        .then()
        .statusCode(200)
        .body("workers.profile.name", hasItem("gpu-tokyo-01"));
    request()
        .get("/v1/workers/gpu-tokyo-01")
        .then()
        .statusCode(200)
        .body("worker.state", equalTo("WORKER_STATE_READY"));
    request()
        .get("/v1/workers/nobody")
        .then()
        .statusCode(404)
        .body("reason", equalTo("WORKER_NOT_FOUND"));

    request()
        .contentType("application/json")
        .body("{\"grace\":\"5s\"}")
        .post("/v1/workers/sandbox-01:drain")
        .then()
        .statusCode(200);

    assertThat(neighbourhood().placer.drains.getLast().getWorkerId())
        .isEqualTo("wkr_01k0000000000000000000000b");
    assertThat(neighbourhood().placer.drains.getLast().getGrace().getSeconds()).isEqualTo(5);
    request()
        .contentType("application/json")
        .body("{\"grace\":\"-1s\"}")
        .post("/v1/workers/sandbox-01:drain")
        .then()
        .statusCode(400);
  }

  @Test
  void theMeshIsShown() {
    request()
        .get("/v1/status")
        .then()
        .statusCode(200)
        .body("nodeId", equalTo("gateway-1"))
        .body("roles", hasSize(5))
        .body("roles[3].role", equalTo("artifact"))
        .body("roles[3].addresses", hasSize(2))
        .body("roles[3].available", equalTo(true))
        .body("roles[4].role", equalTo("scaler"))
        .body("roles[4].available", equalTo(true))
        .body("roles[1].role", equalTo("router"))
        .body("roles[1].addresses", hasItem(neighbourhood().routerAddress()))
        .body("roles[1].holder", equalTo(neighbourhood().routerAddress()))
        .body("roles[1].available", equalTo(true))
        .body("fleet.ready", equalTo(2));
  }

  @Test
  void aRequestIdIsKeptIfItIsDecent() {
    request()
        .header("X-Request-Id", "abc-123")
        .get("/v1/tasks")
        .then()
        .header("X-Request-Id", "abc-123");
    assertThat(
            request().header("X-Request-Id", "a b<script>").get("/v1/tasks").header("X-Request-Id"))
        .matches("[0-9a-f-]{36}");
  }

  @Test
  void aBodyThatGrowsTooLargeOnTheWayIsCutOff() throws IOException {
    String answer =
        raw(
            out -> {
              out.write(
                  head(
                      "POST /v1/tasks",
                      "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"));
              byte[] chunk = new byte[64 * 1024];
              Arrays.fill(chunk, (byte) ' ');
              for (int i = 0; i < 64; i++) {
                out.write(
                    (Integer.toHexString(chunk.length) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(chunk);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
              }
              out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            });

    assertThat(answer).startsWith("HTTP/1.1 413").contains("PAYLOAD_TOO_LARGE");
  }

  @Test
  void aLengthThatIsALieIsRefusedBeforeTheBody() throws IOException {
    String answer =
        raw(
            out ->
                out.write(
                    head(
                        "POST /v1/tasks",
                        "Content-Type: application/json\r\nContent-Length: 99999999999\r\n")));

    assertThat(answer).startsWith("HTTP/1.1 413").contains("PAYLOAD_TOO_LARGE");
  }

  @Test
  void headersThatAreTooLargeAreRefused() throws IOException {
    String answer =
        raw(out -> out.write(head("GET /v1/tasks", "X-Long: " + "x".repeat(20_000) + "\r\n")));

    assertThat(answer).startsWith("HTTP/1.1 431");
  }

  @Test
  void aPathThatClimbsLeadsNowhere() throws IOException {
    for (String path :
        new String[] {
          "/v1/../q/metrics",
          "/q/health/../../v1/tasks",
          "/q/openapi/%2e%2e/metrics",
          "//v1/tasks",
          "/v1/tasks/%2e%2e%2ftokens",
          "/q/health/..%2f..%2fv1%2ftasks",
          "/v1/tasks/..;/tokens",
          "/%76%31/tasks"
        }) {
      String answer =
          raw(
              out ->
                  out.write(
                      ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                          .getBytes(StandardCharsets.US_ASCII)));

      assertThat(answer)
          .as(path)
          .doesNotStartWith("HTTP/1.1 200 OK\r\ncontent-type: application/json")
          .doesNotContain("\"tasks\"")
          .doesNotContain("\"tokens\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/tasks,Host: evil.example",
    "/v1/tasks,Host: localhost",
    "http://evil.example/v1/tasks,X-More: 1",
    "http://localhost:1/v1/tasks,X-More: 1"
  })
  void aHostThatCanBeReadInTwoWaysIsRefused(String target, String more) throws IOException {
    String answer = raw(out -> out.write(head("GET " + target, more + "\r\n")));

    assertThat(answer).startsWith("HTTP/1.1 403").contains("HOST_NOT_ALLOWED");
  }

  @Test
  void aTargetThatNamesTheSameHostIsAsGoodAsAPath() throws IOException {
    String answer = raw(out -> out.write(head("GET http://LOCALHOST/v1/tasks", "")));

    assertThat(answer).startsWith("HTTP/1.1 200");
  }

  @Test
  void whoIsRefusedIsNotReadOn() throws IOException {
    long[] sent = new long[1];
    String answer =
        raw(
            out -> {
              out.write(
                  "POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
              byte[] chunk =
                  ("10000\r\n" + "x".repeat(65_536) + "\r\n").getBytes(StandardCharsets.US_ASCII);
              for (; sent[0] < 200 << 20; sent[0] += 65_536) {
                out.write(chunk);
              }
            });

    assertThat(sent[0]).isLessThan(200 << 20);
    assertThat(answer)
        .satisfiesAnyOf(
            it -> assertThat(it).isEmpty(),
            it ->
                assertThat(it)
                    .startsWith("HTTP/1.1 401")
                    .containsIgnoringCase("connection: close"));
  }

  @Test
  void whoIsRefusedHearsItThoughTheBodyIsStillOnItsWay() throws IOException {
    byte[] body = new byte[1_500_000];
    Arrays.fill(body, (byte) ' ');
    String answer =
        raw(
            out -> {
              out.write(
                  ("POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                          + body.length
                          + "\r\n\r\n")
                      .getBytes(StandardCharsets.US_ASCII));
              out.write(body);
            });

    assertThat(answer)
        .startsWith("HTTP/1.1 401")
        .contains("TOKEN_MISSING")
        .containsIgnoringCase("connection: close");
  }

  /** Both take longer than the 10 s that a first request head may take. */
  @Test
  void whoNeverFinishesAHeadIsCutOffAndAConnectionOnWhichARequestCameStays() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", neighbourhood().httpPort)) {
      socket.setSoTimeout(5000);
      byte[] request =
          "GET /q/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII);
      byte[] answer = new byte[4096];
      socket.getOutputStream().write(request);
      assertThat(socket.getInputStream().read(answer)).isPositive();

      Duration dribbled = dribbleAHead();
      assertThat(dribbled).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(20));
      socket.setSoTimeout(1000);
      assertThat(isOpen(socket)).isTrue();
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(request);

      assertThat(socket.getInputStream().read(answer)).isPositive();
    }
  }

  /** Sends a byte of a head a second, until the door hangs up. */
  private static Duration dribbleAHead() throws IOException {
    long start = System.nanoTime();
    try (Socket socket = new Socket("127.0.0.1", neighbourhood().httpPort)) {
      socket.setSoTimeout(1000);
      socket
          .getOutputStream()
          .write("GET /q/health HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      while (isOpen(socket)) {
        socket.getOutputStream().write('x');
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      }
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Waits a second for the end. */
  private static boolean isOpen(Socket socket) {
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static byte[] head(String line, String headers) {
    return (line
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
            + neighbourhood().files.bearer
            + "\r\n"
            + headers
            + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private interface Writing {
    void to(OutputStream out) throws IOException;
  }

  /** What comes back, also if the server hangs up while we still write. */
  private static String raw(Writing writing) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", neighbourhood().httpPort)) {
      socket.setSoTimeout(10_000);
      try {
        writing.to(socket.getOutputStream());
        socket.getOutputStream().flush();
      } catch (IOException e) {
        // The answer may be there all the same.
      }
      StringBuilder answer = new StringBuilder();
      byte[] buffer = new byte[8192];
      try {
        for (int read = socket.getInputStream().read(buffer);
            read > 0;
            read = socket.getInputStream().read(buffer)) {
          answer.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        // Cut off after the answer.
      }
      return answer.toString();
    }
  }
}
