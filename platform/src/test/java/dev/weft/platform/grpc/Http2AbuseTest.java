package dev.weft.platform.grpc;

import static dev.weft.platform.grpc.EchoMesh.call;
import static dev.weft.platform.grpc.RawHttp2.CONTINUATION;
import static dev.weft.platform.grpc.RawHttp2.END_HEADERS;
import static dev.weft.platform.grpc.RawHttp2.HEADERS;
import static dev.weft.platform.grpc.RawHttp2.PING;
import static dev.weft.platform.grpc.RawHttp2.RST_STREAM;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.testing.RawMethods;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A worker with a valid certificate that misuses HTTP/2 loses its connection; others notice
 * nothing.
 */
@Timeout(60)
class Http2AbuseTest {

  private static final int ENHANCE_YOUR_CALM = 11;
  private static final String PATH = "/" + RawMethods.UNARY.getFullMethodName();

  private final EchoMesh mesh =
      new EchoMesh(
          builder ->
              builder.limits(MeshLimits.defaults().withMaxConnectionIdle(Duration.ofMillis(500))),
          "gateway");

  @FunctionalInterface
  private interface Abuse {
    void repeat(RawHttp2 client, int time) throws IOException;
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aFloodOfPingsIsCutOff() throws Exception {
    int code = cutOff(20_000, (client, time) -> client.frame(PING, 0, 0, new byte[8]));

    assertThat(code).isEqualTo(ENHANCE_YOUR_CALM);
  }

  @Test
  void rapidResetIsCutOff() throws Exception {
    int code =
        cutOff(
            20_000,
            (client, time) -> {
              int stream = 1 + 2 * time;
              client.frame(HEADERS, END_HEADERS, stream, RawHttp2.callTo(PATH));
              client.frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
            });

    assertThat(code).isEqualTo(ENHANCE_YOUR_CALM);
  }

  @Test
  void endlessHeadersAreCutOff() throws Exception {
    ByteArrayOutputStream filler = new ByteArrayOutputStream();
    for (int i = 0; i < 100; i++) {
      RawHttp2.literal(filler, "filler-" + i, "x".repeat(100));
    }

    cutOff(
        20_000,
        (client, time) ->
            client.frame(
                time == 0 ? HEADERS : CONTINUATION,
                0,
                1,
                time == 0 ? RawHttp2.callTo(PATH) : filler.toByteArray()));
  }

  @Test
  void endlessEmptyContinuationsAreCutOff() throws Exception {
    cutOff(
        200_000,
        (client, time) ->
            client.frame(
                time == 0 ? HEADERS : CONTINUATION,
                0,
                1,
                time == 0 ? RawHttp2.callTo(PATH) : new byte[0]));
  }

  @Test
  void anIdleConnectionIsClosed() throws Exception {
    try (RawHttp2 client = new RawHttp2(mesh.ca.identity("gateway", "gateway-0"), mesh.port())) {
      assertThat(client.ended).succeedsWithin(10, SECONDS).isEqualTo(0);
    }
  }

  /** Repeats until the server ends the connection; tells its error code. */
  private int cutOff(int times, Abuse abuse) throws Exception {
    try (RawHttp2 client = new RawHttp2(mesh.ca.identity("worker", "wkr_1"), mesh.port())) {
      boolean refused = false;
      for (int i = 0; i < times && !refused && !client.ended.isDone(); i++) {
        try {
          abuse.repeat(client, i);
        } catch (IOException e) {
          refused = true;
        }
      }
      assertThat(client.ended).succeedsWithin(Duration.ofSeconds(10));
      assertThat(call(mesh.channel("gateway", "gateway-0"))).isEqualTo("gateway/gateway-0");
      return client.ended.get();
    }
  }
}
