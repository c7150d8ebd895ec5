package dev.weft.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.CommandOutput;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionFrame;
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
