package dev.weft.worker.grpc;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.artifact.v1.OutputAck;
import dev.weft.proto.internal.artifact.v1.OutputOpened;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.output.OutputBacklog;
import dev.weft.worker.domain.output.OutputChunk;
import dev.weft.worker.grpc.ReplicaLines.Line;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries one attempt's backlog to whichever replica takes it, until its log is closed. A replica
 * that is silent is left, and the next gets the unsealed rest. Safe for threads; never blocks.
 */
final class OutputUplink {

  private static final Logger LOG = Logger.getLogger(OutputUplink.class);
  private static final Backoff PAUSES =
      new Backoff(Duration.ofMillis(20), 2, Duration.ofSeconds(1), 0.5);
  private static final int FRAME_BYTES = 256 * 1024;
  private static final int MOST_REFUSALS = 3;

  /**
   * What all uplinks share.
   *
   * @param askAgain the known addresses don't answer; must not block
   * @param linger how long an ended attempt's output is kept for a replica to take it
   */
  record Shared(
      ReplicaLines lines,
      ScheduledExecutorService timer,
      Ticker ticker,
      RandomGenerator random,
      Runnable askAgain,
      Duration linger) {}

  private final Shared shared;
  private final AttemptKey key;
  private final OutputBacklog backlog;
  private final Runnable onDone;
  private @Nullable OutputStreamLink link;
  private @Nullable Line line;
  private boolean pausing;
  private boolean done;
  private boolean stood = true;
  private int failures;
  private int refusals;
  private long endedAt;
  private boolean ending;

  OutputUplink(Shared shared, AttemptKey key, OutputBacklog backlog, Runnable onDone) {
    this.shared = shared;
    this.key = key;
    this.backlog = backlog;
    this.onDone = onDone;
  }

  void start() {
    backlog.onMore(this::more);
    dial();
  }

  private synchronized void dial() {
    pausing = false;
    Optional<Line> next = shared.lines().current();
    if (done || next.isEmpty()) {
      failed(null, Status.UNAVAILABLE.withDescription("no address is known").asException());
      return;
    }
    line = next.get();
    OutputStreamLink fresh = new OutputStreamLink(this, shared.ticker());
    link = fresh;
    fresh.open(next.get().channel(), OutputMessages.open(key, backlog.firstKept()));
  }

  /** The replica has taken the log. */
  synchronized void opened(OutputStreamLink from, OutputOpened opened) {
    if (from.equals(link)) {
      failures = 0;
      stood = true;
      backlog.sealed(opened.getNextNumber() - 1);
      from.stands(opened.getNextNumber() - 1, opened.getWindowBytes());
      pump(from);
    }
  }

  synchronized void acknowledged(OutputStreamLink from, OutputAck ack) {
    if (!from.equals(link)) {
      return;
    }
    from.received(ack.getReceived());
    backlog.sealed(ack.getSealed());
    if (ack.getClosed()) {
      finish();
      from.close();
    } else {
      pump(from);
    }
  }

  /** There is more to send, or the stream takes more. */
  synchronized void more() {
    OutputStreamLink current = link;
    if (current != null) {
      pump(current);
    }
  }

  private void pump(OutputStreamLink to) {
    while (to.takesMore()) {
      List<OutputChunk> next = backlog.after(to.sent(), FRAME_BYTES);
      if (next.isEmpty()) {
        break;
      }
      to.send(key.number(), next);
    }
    if (backlog.ended() && to.sent() >= backlog.lastNumber()) {
      to.sendEnd();
    }
  }

  /** A stream has ended, or never began: the next replica gets what is not sealed. */
  synchronized void failed(@Nullable OutputStreamLink from, Throwable cause) {
    if (done || pausing || (from != null && !from.equals(link))) {
      return;
    }
    MeshProblem problem = StatusMapper.fromStatus(cause);
    link = null;
    if (isFinal(problem)) {
      LOG.warnf(
          "output is given up: attempt=%s reason=%s error=%s",
          key, problem.reason(), problem.message());
      finish();
      return;
    }
    LOG.logf(
        stood ? Logger.Level.INFO : Logger.Level.DEBUG,
        "output stream ended, another replica is tried: attempt=%s reason=%s error=%s",
        key,
        problem.reason(),
        problem.message());
    stood = false;
    Line left = line;
    if (left != null) {
      shared.lines().leave(left);
    }
    if (++failures % 3 == 0) {
      shared.askAgain().run();
    }
    pausing = true;
    Duration pause = PAUSES.delay(Math.min(failures, 30), shared.random());
    shared.timer().schedule(this::dial, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** No replica will ever say anything else: the command must not be held up for that. */
  private boolean isFinal(MeshProblem problem) {
    refusals = problem.code() == Status.Code.INVALID_ARGUMENT ? refusals + 1 : 0;
    return refusals >= MOST_REFUSALS
        || problem.reason().equals("LEASE_NOT_HELD")
        || problem.reason().equals("LOG_FULL");
  }

  /** Leaves a silent replica, and gives up in the end; called several times a second. */
  void tick() {
    OutputStreamLink silent = null;
    synchronized (this) {
      long now = shared.ticker().nanos();
      if (backlog.ended() && !ending) {
        ending = true;
        endedAt = now;
      }
      if (ending && now - endedAt > shared.linger().toNanos()) {
        LOG.errorf("output is lost, no replica took it in %s: attempt=%s", shared.linger(), key);
        finish();
      }
      OutputStreamLink current = link;
      if (!done && current != null && current.silent()) {
        silent = current;
      }
    }
    if (silent != null) {
      failed(silent, Status.UNAVAILABLE.withDescription("the replica is silent").asException());
      silent.close();
    }
  }

  private void finish() {
    if (!done) {
      done = true;
      link = null;
      backlog.abandon();
      onDone.run();
    }
  }

  /** The worker ends. */
  synchronized void close() {
    OutputStreamLink current = link;
    finish();
    if (current != null) {
      current.close();
    }
  }
}
