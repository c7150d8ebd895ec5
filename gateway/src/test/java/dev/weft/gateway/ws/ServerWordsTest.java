package dev.weft.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentIdle;
import dev.weft.proto.agents.v1.AgentStart;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.agents.v1.StartPhase;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.CommandOutput;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionFrame;
import dev.weft.proto.internal.session.v1.SessionStatus;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ServerWordsTest {

  private static JsonObject output(byte[] bytes) {
    AttachResponse step =
        AttachResponse.newBuilder()
            .setFrame(
                NumberedFrame.newBuilder()
                    .setBody(1)
                    .setFrame(
                        SessionFrame.newBuilder()
                            .setNumber(7)
                            .setCommandOutput(
                                CommandOutput.newBuilder()
                                    .setCommandId("c")
                                    .setBytes(ByteString.copyFrom(bytes)))))
            .build();
    return new JsonObject(ServerWords.text(step).orElseThrow());
  }

  @Test
  void outputThatIsUtf8IsText() {
    String said = "räder → \u0000 🚀\n";

    JsonObject words = output(said.getBytes(StandardCharsets.UTF_8));

    assertThat(words.getString("text")).isEqualTo(said);
    assertThat(words.containsKey("base64")).isFalse();
  }

  @Test
  void aStatusSaysHowTheStartGoesAndUntilWhenABodyStays() {
    AttachResponse step =
        AttachResponse.newBuilder()
            .setStatus(
                SessionStatus.newBuilder()
                    .setMovesAt(Timestamp.newBuilder().setSeconds(60))
                    .setAgent(
                        Agent.newBuilder()
                            .setState(AgentState.AGENT_STATE_WAKING)
                            .setStart(
                                AgentStart.newBuilder()
                                    .setPhase(StartPhase.START_PHASE_PREPARING)
                                    .setBeganAt(Timestamp.newBuilder().setSeconds(1))
                                    .setUsual(Durations.fromMillis(1_200))
                                    .setLatest(Durations.fromMillis(2_500))
                                    .setStarts(7))))
            .build();

    JsonObject words = new JsonObject(ServerWords.text(step).orElseThrow());

    assertThat(words.getString("movesAt")).isEqualTo("1970-01-01T00:01:00Z");
    assertThat(words.getJsonObject("start"))
        .isEqualTo(
            new JsonObject()
                .put("phase", "PREPARING")
                .put("beganAt", "1970-01-01T00:00:01Z")
                .put("usualMs", 1_200)
                .put("latestMs", 2_500)
                .put("starts", 7));
  }

  @Test
  void aStatusSaysSinceWhenAnAgentIsIdleAndWhenItWillSleep() {
    AgentIdle idle =
        AgentIdle.newBuilder()
            .setSince(Timestamp.newBuilder().setSeconds(60))
            .setHibernatesAt(Timestamp.newBuilder().setSeconds(960))
            .build();
    AttachResponse step =
        AttachResponse.newBuilder()
            .setStatus(SessionStatus.newBuilder().setAgent(Agent.newBuilder().setIdle(idle)))
            .build();

    JsonObject words = new JsonObject(ServerWords.text(step).orElseThrow());

    assertThat(words.getJsonObject("idle"))
        .isEqualTo(
            new JsonObject()
                .put("since", "1970-01-01T00:01:00Z")
                .put("hibernatesAt", "1970-01-01T00:16:00Z"));
  }

  @Test
  void aStartOfWhichTooLittleIsKnownHasNoEstimate() {
    AttachResponse step =
        AttachResponse.newBuilder()
            .setStatus(
                SessionStatus.newBuilder()
                    .setAgent(
                        Agent.newBuilder()
                            .setStart(
                                AgentStart.newBuilder().setPhase(StartPhase.START_PHASE_WAITING))))
            .build();

    JsonObject words = new JsonObject(ServerWords.text(step).orElseThrow());

    assertThat(words.getJsonObject("start").fieldNames()).containsExactly("phase", "beganAt");
    assertThat(words.containsKey("movesAt")).isFalse();
  }

  @Test
  void everyCharacterOfOutputArrivesAsItIs() {
    StringBuilder said = new StringBuilder();
    for (char one = 0; one < 0x300; one++) {
      said.append(one);
    }
    said.append("\u2028\uFFFF\\\"/end");

    JsonObject words = output(said.toString().getBytes(StandardCharsets.UTF_8));

    assertThat(words.getString("text")).isEqualTo(said.toString());
    assertThat(words.fieldNames())
        .containsExactly("type", "cursor", "at", "commandId", "stream", "text");
  }

  @Test
  void outputWhoseLastCharacterIsCutIsBase64OfItsBytes() {
    byte[] whole = "all →".getBytes(StandardCharsets.UTF_8);
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);

    JsonObject words = output(cut);

    assertThat(words.containsKey("text")).isFalse();
    assertThat(java.util.Base64.getDecoder().decode(words.getString("base64"))).isEqualTo(cut);
  }

  @Test
  void charactersThatNoUtf8HasAreBase64() {
    byte[] surrogate = {(byte) 0xED, (byte) 0xA0, (byte) 0x80};

    assertThat(output(surrogate).containsKey("base64")).isTrue();
  }
}
