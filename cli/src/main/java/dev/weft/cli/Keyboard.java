package dev.weft.cli;

import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.SessionFollower;
import dev.weft.cli.client.SessionVoice;
import java.io.IOException;
import java.io.InputStream;

/** Keys go to the session as they are typed, and so does the size of the screen. */
final class Keyboard implements AutoCloseable {
  /** Ctrl-]. */
  private static final byte LEAVE = 0x1d;

  private static final int AT_ONCE = 4096;

  private final InputStream in;
  private final SessionFollower session;
  private volatile boolean closed;

  private Keyboard(InputStream in, SessionFollower session) {
    this.in = in;
    this.session = session;
  }

  static Keyboard listen(InputStream in, SessionFollower session) {
    Keyboard keyboard = new Keyboard(in, session);
    Thread.ofPlatform().daemon().name("weft-keyboard").start(keyboard::pump);
    ProcessSignal.handle("WINCH", () -> Thread.ofVirtual().start(() -> tellSize(session)));
    return keyboard;
  }

  /** How large the screen is now. */
  static void tellSize(SessionVoice voice) {
    TerminalMode.size()
        .ifPresent(
            size ->
                voice.say(
                    MeshApi.JSON
                        .createObjectNode()
                        .put("type", "resize")
                        .put("columns", size.columns())
                        .put("rows", size.rows())));
  }

  private void pump() {
    byte[] keys = new byte[AT_ONCE];
    try {
      int count = in.read(keys);
      while (count >= 0 && !closed) {
        int end = leaves(keys, count);
        if (end > 0) {
          session.type(keys, end);
        }
        if (end < count) {
          break;
        }
        count = in.read(keys);
      }
    } catch (IOException e) {
      // The terminal is gone: nobody types any more.
    }
    session.leave();
  }

  /** Where somebody leaves; all of it if nobody does. */
  private static int leaves(byte[] keys, int count) {
    for (int i = 0; i < count; i++) {
      if (keys[i] == LEAVE) {
        return i;
      }
    }
    return count;
  }

  /** The thread that reads ends with the process: a read of a terminal can't be broken off. */
  @Override
  public void close() {
    closed = true;
  }
}
