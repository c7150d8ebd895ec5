package dev.weft.worker.app;

import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.CapturedOutput;
import dev.weft.worker.domain.OutputBuffer;
import dev.weft.worker.domain.OutputBuffer.Stream;
import dev.weft.worker.domain.output.OutputBacklog;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt's output: little of it at once goes with the result, more or later opens a log. What
 * was read first is first in it. Safe for threads.
 */
final class AttemptOutput {

  static final int LOG_FROM_BYTES = 4096;
  static final long LOG_AFTER_MILLIS = 200;

  /** What logs are opened with. */
  record Means(OutputLogs logs, ScheduledExecutorService timer, InstantSource clock) {}

  private final Means means;
  private final AttemptKey key;
  private final OutputBuffer head = new OutputBuffer();
  private volatile @Nullable OutputBacklog log;
  private boolean decided;
  private @Nullable Instant firstRead;

  AttemptOutput(Means means, AttemptKey key) {
    this.means = means;
    this.key = key;
  }

  /** Takes what was read; waits while the log takes nothing. */
  synchronized void take(Stream source, byte[] bytes, int length) throws InterruptedException {
    Instant now = means.clock().instant();
    if (firstRead == null && !decided) {
      firstRead = now;
      means.timer().schedule(this::openLog, LOG_AFTER_MILLIS, TimeUnit.MILLISECONDS);
    }
    if (head.totalBytes() + length >= LOG_FROM_BYTES) {
      openLog();
    }
    head.append(source, bytes, length);
    OutputBacklog open = log;
    if (open != null) {
      open.append(source, bytes, length, now);
    }
  }

  /** What waited for the decision is little, and fits without waiting. */
  private void openLog() {
    if (log != null) {
      return;
    }
    synchronized (this) {
      Instant since = firstRead;
      if (decided || since == null) {
        return;
      }
      decided = true;
      if (means.logs().available()) {
        OutputBacklog fresh = means.logs().open(key);
        head.replay((source, bytes) -> fresh.begin(source, bytes, since));
        log = fresh;
      }
    }
  }

  /** What counts against the bound of output that no log takes. */
  long unloggedBytes() {
    return log == null ? head.totalBytes() : 0;
  }

  /** The first of it, for those who judge how the command went. */
  CapturedOutput head() {
    return head.capture();
  }

  /** The command is over: nothing waits for room any more. */
  void commandOver() {
    OutputBacklog open = log;
    if (open != null) {
      open.commandOver();
    }
  }

  /** No more comes; what the result is to carry. */
  CapturedOutput finish() {
    synchronized (this) {
      decided = true;
    }
    OutputBacklog open = log;
    if (open == null) {
      return head.capture();
    }
    open.end();
    return CapturedOutput.inLog(open.truncated(), head.totalBytes());
  }
}
