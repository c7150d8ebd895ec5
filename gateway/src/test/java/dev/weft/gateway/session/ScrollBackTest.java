package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionFrame;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScrollBackTest {

  private static final String RESET = "\u001b[?1047l\u001b[!p\u001b[0m\r\n";

  private final ScrollBack shown = new ScrollBack();

  @Test
  void whatWasShownIsFollowedByATerminalAsItBegins() {
    show(7, "$ ls\r\n");
    show(9, "a b\r\n$ ");

    List<NumberedFrame> frames = shown.frames();

    assertThat(text(frames)).isEqualTo("$ ls\r\na b\r\n$ " + RESET);
    assertThat(frames).allMatch(it -> it.getBody() == 0);
    assertThat(frames).extracting(it -> it.getFrame().getNumber()).containsExactly(1L, 2L, 3L);
    assertThat(frames)
        .extracting(it -> it.getFrame().getAt().getSeconds())
        .containsExactly(7L, 9L, 9L);
  }

  @Test
  void ofMuchTheLastIsKeptFromTheBeginningOfALineOn() {
    String line = "x".repeat(99) + "\n";
    for (int number = 0; number < 2_000; number++) {
      show(number, "…" + line + "tail" + number + " ");
    }

    String kept = text(shown.frames());

    assertThat(kept).startsWith("tail").endsWith("tail1999 " + RESET);
    assertThat(kept.length()).isBetween(ScrollBack.MOST_BYTES - 3_000, ScrollBack.MOST_BYTES + 400);
  }

  @Test
  void aTerminalThatShowedNothingIsNone() {
    assertThat(shown.frames()).isEmpty();
  }

  private void show(long at, String text) {
    shown.add(
        SessionFrame.newBuilder()
            .setAt(Timestamp.newBuilder().setSeconds(at))
            .setTerminal(ByteString.copyFromUtf8(text))
            .build());
  }

  private static String text(List<NumberedFrame> frames) {
    return frames.stream()
        .map(it -> it.getFrame().getTerminal().toStringUtf8())
        .collect(Collectors.joining());
  }
}
