package dev.weft.worker.app.agent;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.domain.CapturedOutput;
import dev.weft.worker.domain.agent.SessionEvent;
import dev.weft.worker.domain.agent.SessionEvent.CommandOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Makes frames of what a command writes: what comes within a few milliseconds is one. While the
 * frames take nothing, it is left in the pipe, so that the command waits.
 */
final class CommandPump {

  private static final Logger LOG = Logger.getLogger(CommandPump.class);
  private static final long COALESCE_NANOS = 5_000_000;
  private static final long LOOK_NANOS = 500_000;
  private static final int HEAD_BYTES = 512;

  private final String commandId;
  private final FrameStore frames;
  private final Ticker ticker;
  private final CountDownLatch done = new CountDownLatch(2);
  private final ByteArrayOutputStream errorHead = new ByteArrayOutputStream();
  private volatile boolean wrote;

  CommandPump(String commandId, FrameStore frames, Ticker ticker) {
    this.commandId = commandId;
    this.frames = frames;
    this.ticker = ticker;
  }

  void start(SandboxedProcess process) {
    pump(process.stdout(), false);
    pump(process.stderr(), true);
  }

  /** Waits until both pipes have ended and all of it is in frames. */
  void await() throws InterruptedException {
    done.await();
  }

  /** The first of it, for those who judge how the command went. */
  CapturedOutput head() {
    byte[] error;
    synchronized (errorHead) {
      error = errorHead.toByteArray();
    }
    byte[] out = wrote ? new byte[1] : new byte[0];
    return new CapturedOutput(error, out, error, false, false, error.length);
  }

  /** A thread that blocks in a read would hold one of the virtual threads' carriers. */
  private void pump(InputStream from, boolean stderr) {
    Thread.ofPlatform()
        .daemon()
        .name("weft-command-output")
        .start(
            () -> {
              try (from) {
                copy(from, stderr);
              } catch (IOException e) {
                LOG.debugf(e, "output ended early: command=%s", commandId);
              } catch (InterruptedException e) {
                LOG.debugf("output is not wanted any more: command=%s", commandId);
              } finally {
                done.countDown();
              }
            });
  }

  private void copy(InputStream from, boolean stderr) throws IOException, InterruptedException {
    byte[] buffer = new byte[SessionEvent.MOST_BYTES];
    int length = from.read(buffer);
    while (length >= 0) {
      length = gather(from, buffer, length);
      remember(buffer, length, stderr);
      frames.put(new CommandOutput(commandId, stderr, Arrays.copyOf(buffer, length)));
      length = from.read(buffer);
    }
  }

  private int gather(InputStream from, byte[] buffer, int first) {
    int length = first;
    long until = ticker.nanos() + COALESCE_NANOS;
    try {
      while (length < buffer.length && until - ticker.nanos() > 0) {
        if (from.available() > 0) {
          length += Math.max(0, from.read(buffer, length, buffer.length - length));
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

  private void remember(byte[] buffer, int length, boolean stderr) {
    if (!stderr) {
      wrote = true;
      return;
    }
    synchronized (errorHead) {
      errorHead.write(buffer, 0, Math.min(length, Math.max(0, HEAD_BYTES - errorHead.size())));
    }
  }
}
