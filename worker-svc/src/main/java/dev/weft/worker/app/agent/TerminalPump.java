package dev.weft.worker.app.agent;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.agent.Terminals.Pty;
import dev.weft.worker.domain.agent.SessionEvent;
import dev.weft.worker.domain.agent.SessionEvent.TerminalOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Both ways of a terminal, each on a thread of its own, since both block in the kernel. */
final class TerminalPump {

  private static final Logger LOG = Logger.getLogger(TerminalPump.class);
  private static final long COALESCE_NANOS = 2_000_000;
  private static final long LOOK_NANOS = 300_000;

  private final Pty pty;
  private final FrameStore frames;
  private final Keystrokes keystrokes;
  private final Ticker ticker;
  private final CountDownLatch done = new CountDownLatch(2);

  TerminalPump(Pty pty, FrameStore frames, Keystrokes keystrokes, Ticker ticker) {
    this.pty = pty;
    this.frames = frames;
    this.keystrokes = keystrokes;
    this.ticker = ticker;
  }

  void start() {
    begin("weft-terminal-output", this::show);
    begin("weft-terminal-input", this::type);
  }

  /** Waits until no thread is in the terminal: nothing may have it open any more. */
  void await() throws InterruptedException {
    done.await();
  }

  private interface Way {
    void go() throws IOException, InterruptedException;
  }

  private void begin(String name, Way way) {
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              try {
                way.go();
              } catch (IOException e) {
                // Nobody has the other side open any more: that is how a terminal ends.
                LOG.debugf("terminal ends: error=%s", e.getMessage());
              } catch (InterruptedException e) {
                LOG.debug("terminal is not wanted any more");
              } finally {
                done.countDown();
              }
            });
  }

  /**
   * What comes after a pause goes at once, since somebody may wait for the echo of a key; what
   * follows it closely goes together.
   */
  private void show() throws IOException, InterruptedException {
    byte[] buffer = new byte[SessionEvent.MOST_BYTES];
    long until = ticker.nanos();
    for (int length = pty.read(buffer, 0); length > 0; length = pty.read(buffer, 0)) {
      length = gather(buffer, length, until);
      until = ticker.nanos() + COALESCE_NANOS;
      frames.put(new TerminalOutput(Arrays.copyOf(buffer, length)));
    }
  }

  private int gather(byte[] buffer, int first, long until) {
    int length = first;
    try {
      while (length < buffer.length && until - ticker.nanos() > 0) {
        if (pty.readable() > 0) {
          length += pty.read(buffer, length);
        } else {
          LockSupport.parkNanos(LOOK_NANOS);
        }
      }
    } catch (IOException e) {
      // What has come goes first; the next read says the same again.
      return length;
    }
    return length;
  }

  private void type() throws IOException, InterruptedException {
    for (byte[] typed = keystrokes.next(); typed != null; typed = keystrokes.next()) {
      pty.write(typed);
    }
  }
}
