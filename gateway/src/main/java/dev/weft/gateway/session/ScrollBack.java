package dev.weft.gateway.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last that a terminal showed, about so many bytes, as frames of body 0. Not safe for threads.
 */
final class ScrollBack {

  static final int MOST_BYTES = 64 << 10;

  private static final byte LINE_END = '\n';

  /** Out of the second screen, modes and colours back: who had set them is not here. */
  private static final ByteString RESET =
      ByteString.copyFromUtf8("\u001b[?1047l\u001b[!p\u001b[0m\r\n");

  private final Deque<SessionFrame> shown = new ArrayDeque<>();
  private long bytes;
  private boolean cut;

  /** The terminal showed more. */
  void add(SessionFrame terminal) {
    shown.addLast(terminal);
    bytes += terminal.getTerminal().size();
    while (bytes - shown.getFirst().getTerminal().size() >= MOST_BYTES) {
      bytes -= shown.removeFirst().getTerminal().size();
      cut = true;
    }
  }

  /** Numbered from 1, and what leaves the terminal as a new one; none if it showed nothing. */
  List<NumberedFrame> frames() {
    List<NumberedFrame> frames = new ArrayList<>();
    for (SessionFrame frame : shown) {
      boolean inTheMiddle = cut && frames.isEmpty();
      ByteString terminal = frame.getTerminal();
      add(frames, frame.getAt(), inTheMiddle ? fromALine(terminal) : terminal);
    }
    if (!frames.isEmpty()) {
      add(frames, shown.getLast().getAt(), RESET);
    }
    return frames;
  }

  private static void add(List<NumberedFrame> frames, Timestamp at, ByteString bytes) {
    frames.add(
        NumberedFrame.newBuilder()
            .setFrame(
                SessionFrame.newBuilder()
                    .setNumber(frames.size() + 1L)
                    .setAt(at)
                    .setTerminal(bytes))
            .build());
  }

  /** Half a line may begin in the middle of a character or of a sequence. */
  private static ByteString fromALine(ByteString bytes) {
    for (int at = 0; at < bytes.size(); at++) {
      if (bytes.byteAt(at) == LINE_END) {
        return bytes.substring(at + 1);
      }
    }
    return bytes;
  }
}
