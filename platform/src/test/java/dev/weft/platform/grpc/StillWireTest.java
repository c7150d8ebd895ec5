package dev.weft.platform.grpc;

import static dev.weft.platform.grpc.RawHttp2.END_HEADERS;
import static dev.weft.platform.grpc.RawHttp2.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.testing.RawMethods;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A wire that goes still and tells nobody, as packets are dropped or the other machine is gone. */
@Timeout(60)
class StillWireTest {

  private static final String PATH = "/" + RawMethods.UNARY.getFullMethodName();

  /** For a box that does much else. */
  private static final Duration SLACK = Duration.ofSeconds(4);

  @Test
  void aConnectionOnWhichNothingComesIsClosedAlsoInTheMiddleOfACallAndOneThatAnswersPingsIsKept()
      throws Exception {
    try (EchoMesh mesh = new EchoMesh("gateway");
        RawHttp2 calling = client(mesh);
        RawHttp2 idle = client(mesh);
        RawHttp2 answering = client(mesh)) {
      calling.frame(HEADERS, END_HEADERS, 1, RawHttp2.callTo(PATH));
      answering.frame(HEADERS, END_HEADERS, 1, RawHttp2.callTo(PATH));

      calling.fallSilent();
      idle.fallSilent();

      assertThat(calling.ended).succeedsWithin(MeshLimits.LONGEST_SILENCE.plus(SLACK));
      assertThat(idle.ended).succeedsWithin(SLACK);
      assertThat(answering.ended).isNotDone();
    }
  }

  private static RawHttp2 client(EchoMesh mesh) throws Exception {
    return new RawHttp2(mesh.ca.identity("gateway", "gateway-0"), mesh.port());
  }
}
