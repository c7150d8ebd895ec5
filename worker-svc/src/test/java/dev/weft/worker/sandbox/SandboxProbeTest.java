package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.app.CommandPlace;
import dev.weft.worker.app.Sandbox;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.domain.CapturedOutput;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.LimitsScope;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.Usage;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.agent.AgentSignal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SandboxProbeTest {

  private static final Limits LIMITS =
      new Limits(1, 1, Duration.ofHours(4), 1, Duration.ofHours(24), 1, 1, 1);

  @Test
  @Timeout(30)
  void aSandboxThatHangsIsAFaultAfterItsTimeAndIsEnded() throws Exception {
    Hanging hanging = new Hanging();

    assertThat(
            SandboxProbe.check(
                new OneProcess(hanging), key -> new Nowhere(), LIMITS, Duration.ofMillis(50)))
        .contains("not over after PT0.05S");
    assertThat(hanging.killed.getCount()).isZero();
  }

  /** Writes nothing and ends when it is killed. */
  private static final class Hanging implements SandboxedProcess {
    private final CountDownLatch killed = new CountDownLatch(1);
    private final PipedOutputStream writes = new PipedOutputStream();
    private final InputStream reads;

    Hanging() throws IOException {
      reads = new PipedInputStream(writes);
    }

    @Override
    public InputStream stdout() {
      return reads;
    }

    @Override
    public InputStream stderr() {
      return InputStream.nullInputStream();
    }

    @Override
    public Usage usage() {
      return Usage.NOTHING;
    }

    @Override
    public void terminate() {
      kill();
    }

    @Override
    public void signal(AgentSignal signal) {
      kill();
    }

    @Override
    public void hangUp() {
      kill();
    }

    @Override
    public void kill() {
      try {
        writes.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      killed.countDown();
    }

    @Override
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
      return killed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Remains clear() throws InterruptedException {
      killed.await();
      return new Remains(137, Usage.NOTHING);
    }

    @Override
    public boolean commandMissing(int exitCode, CapturedOutput output) {
      return false;
    }
  }

  private record OneProcess(SandboxedProcess process) implements Sandbox {
    @Override
    public SandboxLevel level() {
      return SandboxLevel.BUBBLEWRAP;
    }

    @Override
    public LimitsScope limitsScope() {
      return LimitsScope.PROCESS;
    }

    @Override
    public SandboxedProcess launch(Command command) {
      return process;
    }

    @Override
    public Together together(String name, Limits limits, int atOnce) {
      throw new UnsupportedOperationException("the probe starts one command");
    }
  }

  private static final class Nowhere implements Workspace {
    @Override
    public Path directory() {
      return Path.of("nowhere");
    }

    @Override
    public Path backstage() {
      return Path.of("nowhere");
    }

    @Override
    public Path stdin() {
      return Path.of("nowhere");
    }

    @Override
    public Path usage() {
      return Path.of("nowhere");
    }

    @Override
    public int readUsage(byte[] into) {
      return 0;
    }

    @Override
    public OptionalInt owner() {
      return OptionalInt.empty();
    }

    @Override
    public void furnish(Work.Shell work) {}

    @Override
    public CommandPlace place(String name) {
      throw new UnsupportedOperationException("nowhere");
    }

    @Override
    public void close() {}
  }
}
