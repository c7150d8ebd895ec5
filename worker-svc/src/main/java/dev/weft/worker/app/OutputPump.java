package dev.weft.worker.app;

import dev.weft.worker.domain.OutputBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Empties a command's stdout and stderr, each on a thread of its own. What a log can't take yet is
 * left in the pipe, so that the command waits; without a log, what is over the limit is left there
 * too: the command is about to be killed.
 */
final class OutputPump {

  private static final Logger LOG = Logger.getLogger(OutputPump.class);
  private static final int CHUNK = 64 * 1024;

  private final AttemptOutput output;
  private final long limit;
  private final CountDownLatch done = new CountDownLatch(2);

  /**
   * @param limit of output that no log takes
   */
  OutputPump(AttemptOutput output, long limit) {
    this.output = output;
    this.limit = limit;
  }

  void start(String name, SandboxedProcess process) {
    pump(name, process.stdout(), OutputBuffer.Stream.STDOUT);
    pump(name, process.stderr(), OutputBuffer.Stream.STDERR);
  }

  /** Waits until both pipes have ended, which they do when nothing of the command is left. */
  boolean await(long seconds) throws InterruptedException {
    return done.await(seconds, TimeUnit.SECONDS);
  }

  /**
   * A thread that blocks in a read would hold one of the virtual threads' carriers: it has its own.
   */
  private void pump(String name, InputStream from, OutputBuffer.Stream stream) {
    Thread.ofPlatform()
        .daemon()
        .name("weft-output-" + name)
        .start(
            () -> {
              try (from) {
                copy(from, stream);
              } catch (IOException e) {
                LOG.debugf(e, "output ended early: attempt=%s", name);
              } catch (InterruptedException e) {
                LOG.debugf("output is not wanted any more: attempt=%s", name);
              } finally {
                done.countDown();
              }
            });
  }

  private void copy(InputStream from, OutputBuffer.Stream stream)
      throws IOException, InterruptedException {
    byte[] chunk = new byte[CHUNK];
    int length = from.read(chunk);
    while (length >= 0 && output.unloggedBytes() <= limit) {
      output.take(stream, chunk, length);
      length = from.read(chunk);
    }
  }
}
