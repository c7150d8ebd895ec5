package dev.weft.platform.grpc;

import static dev.weft.platform.grpc.RawHttp2.END_HEADERS;
import static dev.weft.platform.grpc.RawHttp2.END_STREAM;
import static dev.weft.platform.grpc.RawHttp2.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.security.TestCa;
import dev.weft.platform.testing.RawMethods;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class WideFramesTest {

  private static final int MAX_FRAME_SIZE = 5;
  private static final int COMMON = 16_384;

  /** Less than HTTP/2 lets a peer send that has said nothing of windows. */
  private static final int ANSWER = 60_000;

  private static final byte[] EMPTY_MESSAGE = new byte[5];

  private final TestCa ca = new TestCa();
  private final MeshServer server =
      MeshServer.builder(ca.identity("router", "router-0"))
          .service(
              MeshService.of(
                  RawMethods.unary(
                      (request, observer) -> {
                        observer.onNext("x".repeat(Math.max(request.length(), ANSWER)));
                        observer.onCompleted();
                      }),
                  "worker"))
          .start(EchoMesh.HOST, 0);

  @AfterEach
  void stop() {
    server.stopNow();
  }

  @Test
  void whoSaysNothingIsSentFramesOfHttp2sOwnSize() throws Exception {
    List<Integer> frames = framesSentTo(new byte[0]);

    assertThat(frames).hasSizeGreaterThan(ANSWER / COMMON).allMatch(length -> length <= COMMON);
  }

  @Test
  void whoTakesWideFramesIsSentThem() throws Exception {
    byte[] wide = ByteBuffer.allocate(6).putShort((short) MAX_FRAME_SIZE).putInt(1 << 20).array();

    assertThat(framesSentTo(wide)).containsExactly(ANSWER + EMPTY_MESSAGE.length);
  }

  @Test
  void aServerSaysWhatItTakesWithTheFirstCall() throws Exception {
    try (RawHttp2 client = new RawHttp2(ca.identity("worker", "wkr_1"), server.port())) {
      call(client, 1);
      client.answered.get(10, TimeUnit.SECONDS);

      assertThat(client.settings).containsEntry(MAX_FRAME_SIZE, WideFrames.BYTES);
    }
  }

  /** Larger than any frame, and than what either side takes at once. */
  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void whatIsWiderThanAFrameComesWhole(TlsEngine engine) {
    String message = "y".repeat(5 << 20);
    try (MeshChannels channels =
        new MeshChannels(ca.identity("worker", "wkr_1"), null, List.of(), engine)) {
      String answer =
          ClientCalls.blockingUnaryCall(
              channels.open(EchoMesh.HOST + ":" + server.port(), "router"),
              RawMethods.UNARY,
              CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
              message);

      assertThat(answer).hasSize(message.length());
    }
  }

  private List<Integer> framesSentTo(byte[] settings) throws Exception {
    try (RawHttp2 client = new RawHttp2(ca.identity("worker", "wkr_1"), server.port(), settings)) {
      call(client, 1);
      client.answered.get(10, TimeUnit.SECONDS);
      return List.copyOf(client.data);
    }
  }

  private static void call(RawHttp2 client, int stream) throws Exception {
    client.frame(
        HEADERS, END_HEADERS, stream, RawHttp2.callTo("/" + RawMethods.UNARY.getFullMethodName()));
    client.frame(RawHttp2.DATA, END_STREAM, stream, EMPTY_MESSAGE);
  }
}
