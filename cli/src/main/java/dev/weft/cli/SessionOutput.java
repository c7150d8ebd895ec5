package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What stands in a session's messages, as this process's output. */
final class SessionOutput {
  private SessionOutput() {}

  /** The bytes of a message's {@code text} or {@code base64}. */
  static ByteString bytes(JsonNode message) {
    JsonNode base64 = message.path("base64");
    if (!base64.isTextual()) {
      return ByteString.copyFromUtf8(message.path("text").asText(""));
    }
    try {
      return ByteString.copyFrom(base64.binaryValue());
    } catch (IOException e) {
      throw new UncheckedIOException("the gateway's answer: output that is not base64", e);
    }
  }

  static boolean isStderr(JsonNode message) {
    return message.path("stream").asText("").equals("stderr");
  }

  /** Of frames that nobody has any more, or of a cursor to which the session has not come. */
  static String gap(JsonNode gap) {
    String problem = gap.path("problem").path("message").asText("");
    if (!problem.isEmpty()) {
      return problem + "; it goes on with what comes now";
    }
    String until = gap.path("until").asText("");
    return "frames are missing after %s%s (%s)"
        .formatted(
            gap.path("after").asText("the beginning"),
            until.isEmpty() ? "" : ", until " + until,
            gap.path("reason").asText("unknown"));
  }
}
