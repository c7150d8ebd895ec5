package dev.weft.worker.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.domain.agent.FrameOutbox;
import dev.weft.worker.domain.agent.SessionEvent.TerminalOutput;
import dev.weft.worker.domain.agent.TerminalSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TerminalPumpTest {

  private final AtomicLong now = new AtomicLong();
  private final Ticker still = now::get;
  private final FrameStore frames =
      new FrameStore(new FrameOutbox(100_000), InstantSource.system(), still);
  private final BlockingQueue<Long> told = new LinkedBlockingQueue<>();
  private final Keystrokes keystrokes = new Keystrokes();
  private final FakePty pty = new FakePty();

  TerminalPumpTest() {
    frames.onFrames(() -> told.add(frames.last()));
  }

  @AfterEach
  void end() {
    pty.shown.add("");
    keystrokes.shut();
  }

  /** Gives out what it has byte by byte, and with each look for more a little time passes. */
  private final class FakePty implements Terminals.Pty {

    private final BlockingQueue<String> shown = new LinkedBlockingQueue<>();
    private volatile long aLook;
    private String rest = "";

    @Override
    public Path device() {
      return Path.of("pts");
    }

    @Override
    public int read(byte[] into, int offset) {
      try {
        String next = rest.isEmpty() ? shown.take() : rest;
        if (next.isEmpty()) {
          return 0;
        }
        into[offset] = (byte) next.charAt(0);
        rest = next.substring(1);
        return 1;
      } catch (InterruptedException e) {
        return 0;
      }
    }

    @Override
    public int readable() {
      now.addAndGet(aLook);
      return rest.length();
    }

    @Override
    public void write(byte[] bytes) {}

    @Override
    public void resize(TerminalSize size) {}

    @Override
    public void close() {}
  }

  private String frame(long number) throws InterruptedException {
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(number);
    TerminalOutput shown = (TerminalOutput) frames.after(number - 1, 1).getFirst().event();
    return new String(shown.content(), StandardCharsets.US_ASCII);
  }

  private void pump() {
    new TerminalPump(pty, frames, keystrokes, still).start();
  }

  @Test
  void theEchoOfAKeyAfterAPauseWaitsForNothing() throws Exception {
    pump();
    pty.shown.add("a");
    assertThat(frame(1)).isEqualTo("a");

    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(2));
    pty.shown.add("b");

    // No time passes, so whoever waited for more would wait for ever.
    assertThat(frame(2)).isEqualTo("b");
  }

  @Test
  void whatIsShownCloselyAfterAFrameGoesTogether() throws Exception {
    pump();
    pty.shown.add("a");
    assertThat(frame(1)).isEqualTo("a");

    pty.aLook = TimeUnit.MICROSECONDS.toNanos(500);
    pty.shown.add("bcd");

    assertThat(frame(2)).isEqualTo("bcd");
  }
}
