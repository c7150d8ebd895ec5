package dev.weft.cli;

import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.SessionFollower;
import dev.weft.cli.relay.ProcessSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Keys go to the session as they are typed, and so does the size of the screen. */
final class Keyboard implements AutoCloseable {
  /** Ctrl-]. */
  private static final byte LEAVE = 0x1d;

  private static final int AT_ONCE = 4096;
  private static final int MOST_EARLY = 32 * 1024;

  private final InputStream in;
  private final SessionFollower session;
  private final ByteArrayOutputStream early = new ByteArrayOutputStream();
  private boolean opened;
  private volatile boolean closed;

  Keyboard(InputStream in, SessionFollower session) {
    this.in = in;
    this.session = session;
  }

  Keyboard listen() {
    Thread.ofPlatform().daemon().name("weft-keyboard").start(this::pump);
    ProcessSignal.handle("WINCH", () -> Thread.ofVirtual().start(this::tellSize));
    return this;
  }

  /** The session is open: what was typed before it was at first follows. */
  synchronized void opened() {
    tellSize();
    opened = true;
    if (early.size() > 0) {
      session.type(early.toByteArray(), early.size());
      early.reset();
    }
  }

  private synchronized void press(byte[] keys, int count) {
    if (opened) {
      session.type(keys, count);
    } else if (early.size() < MOST_EARLY) {
      early.write(keys, 0, count);
    }
  }

  /** How large the screen is now. */
  private void tellSize() {
    TerminalMode.size()
        .ifPresent(
            size ->
                session.say(
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
          press(keys, end);
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
