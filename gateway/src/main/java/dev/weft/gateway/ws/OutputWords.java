package dev.weft.gateway.ws;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.weft.gateway.domain.session.Place;
import dev.weft.proto.internal.session.v1.CommandOutput;
import dev.weft.proto.internal.session.v1.SessionFrame;
import java.util.Base64;

/**
 * A command's output as JSON, which is most of what a gateway writes: put together directly, since
 * an object in between costs more than all the rest of its way.
 */
final class OutputWords {

  private static final char[] HEX = "0123456789abcdef".toCharArray();
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int AROUND = 160;

  private OutputWords() {}

  static String text(Place place, SessionFrame event) {
    CommandOutput output = event.getCommandOutput();
    ByteString bytes = output.getBytes();
    StringBuilder words = new StringBuilder(AROUND + bytes.size() + bytes.size() / 8);
    words.append("{\"type\":\"output\",\"cursor\":\"").append(place.text());
    words.append("\",\"at\":\"").append(Timestamps.toString(event.getAt()));
    words.append("\",\"commandId\":\"");
    escape(output.getCommandId(), words);
    words.append("\",\"stream\":\"").append(output.getStderr() ? "stderr" : "stdout");
    if (bytes.isValidUtf8()) {
      words.append("\",\"text\":\"");
      escape(bytes.toStringUtf8(), words);
    } else {
      words.append("\",\"base64\":\"");
      words.append(Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }
    return words.append("\"}").toString();
  }

  /** What needs no escape, which is nearly everything, is taken over in one piece. */
  private static void escape(String text, StringBuilder into) {
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      if (one < FIRST_PRINTABLE || one == '"' || one == '\\') {
        into.append(text, from, i);
        escape(one, into);
        from = i + 1;
      }
    }
    into.append(text, from, text.length());
  }

  private static void escape(char one, StringBuilder into) {
    into.append('\\');
    switch (one) {
      case '\n' -> into.append('n');
      case '\r' -> into.append('r');
      case '\t' -> into.append('t');
      case '"', '\\' -> into.append(one);
      default -> into.append("u00").append(HEX[one >> 4]).append(HEX[one & 0xf]);
    }
  }
}
