package dev.weft.worker.app;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.PlacerLink.Frame;
import dev.weft.worker.app.PlacerLink.Hello;
import dev.weft.worker.app.PlacerLink.Orders;
import dev.weft.worker.app.PlacerLink.Rejected;
import dev.weft.worker.app.PlacerLink.Renewal;
import dev.weft.worker.app.PlacerLink.Welcome;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.EpochGuard;
import dev.weft.worker.domain.LeaseClock;
import dev.weft.worker.domain.ResultOutbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The worker's side of the contract with the placer: holds what it was given, renews it, gives back
 * results until they are settled, and stops by itself what it can't renew. Everything here runs on
 * one thread.
 */
public final class WorkDesk {

  private static final Logger LOG = Logger.getLogger(WorkDesk.class);

  /** What one message may carry of results; the rest follows in the next. */
  static final int BATCH_BYTES = 2 * 1024 * 1024;

  private static final Duration RENEWAL = Duration.ofSeconds(1);

  /**
   * A stream on which nothing is acknowledged for so long is given up, while there is still time to
   * find another.
   */
  private static final Duration SILENCE = Duration.ofSeconds(4);

  /**
   * After a longer sleep (a stopped process, a paused machine) what waits on the stream may be
   * older than its leases: as long as the margin by which a lease ends earlier here than at the
   * placer.
   */
  private static final Duration SLEEP = Duration.ofSeconds(1);

  private final Ticker ticker;
  private final Attempts attempts;
  private final LeaseClock leases = new LeaseClock(Duration.ofSeconds(10));
  private final EpochGuard epochs = new EpochGuard();
  private final ResultOutbox outbox = new ResultOutbox(8192, 128L * 1024 * 1024);
  private final List<AttemptKey> started = new ArrayList<>();
  private final List<Rejected> rejected = new ArrayList<>();
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private @Nullable PlacerLink link;
  private boolean welcomed;
  private long helloAt;
  private boolean renewedHere;
  private long renewedAt;
  private long acknowledgedAt;
  private long awakeAt;
  private boolean draining;
  private boolean drainTold;
  private boolean drainEnds;
  private long drainDeadline;

  public WorkDesk(Ticker ticker, Attempts attempts) {
    this.ticker = ticker;
    this.attempts = attempts;
    this.awakeAt = ticker.nanos();
    attempts.tell(this::attemptStarted, this::attemptEnded);
  }

  /** A stream is being opened: what to say first on it. From now on no other stream counts. */
  public Hello connecting(PlacerLink fresh) {
    if (link != null) {
      disconnected(link);
    }
    link = fresh;
    welcomed = false;
    renewedHere = false;
    helloAt = ticker.nanos();
    acknowledgedAt = helloAt;
    started.clear();
    rejected.clear();
    attempts.tokens().tellAgain();
    outbox.resendAll();
    List<AttemptResult> unacked = outbox.nextUnsent(BATCH_BYTES);
    Set<AttemptKey> running = held();
    unacked.forEach(result -> running.remove(result.key()));
    return new Hello(
        List.copyOf(running), unacked, attempts.capacity(), 1, epochs.highest(), draining);
  }

  /** The placer has answered; one of an older epoch than another that was seen is not obeyed. */
  public void welcome(PlacerLink from, Welcome welcome) {
    if (!from.equals(link)) {
      return;
    }
    if (!epochs.admit(welcome.epoch())) {
      LOG.warnf(
          "placer of an old epoch refused: epoch=%d highest=%d", welcome.epoch(), epochs.highest());
      from.close("epoch " + welcome.epoch() + " is older than " + epochs.highest());
      return;
    }
    welcomed = true;
    drainTold = draining;
    acknowledgedAt = ticker.nanos();
    leases.ttl(welcome.leaseTtl());
    welcome.adopt().forEach(key -> leases.adopted(key, helloAt));
    outbox.acknowledged(welcome.settled());
    outbox.acknowledged(welcome.kill());
    welcome.kill().forEach(key -> attempts.end(key, EndReason.CANCELLED));
    LOG.infof(
        "placer found: epoch=%d adopted=%d killed=%d settled=%d",
        welcome.epoch(), welcome.adopt().size(), welcome.kill().size(), welcome.settled().size());
  }

  /** Orders of a placer; those of a stream that was given up are not obeyed. */
  public void orders(PlacerLink from, Orders orders) {
    giveUpAfterSleep();
    if (!from.equals(link) || !welcomed) {
      return;
    }
    if (orders.acknowledgedRenewal() > 0) {
      acknowledgedAt = ticker.nanos();
      leases.acknowledged(orders.acknowledgedRenewal());
    }
    outbox.acknowledged(orders.settled());
    rejected.addAll(orders.unusable());
    orders.drain().ifPresent(grace -> drain(grace));
    orders.assignments().forEach(this::assign);
    // Last: what is cancelled may have come with the same orders.
    orders.cancels().forEach(key -> attempts.end(key, EndReason.CANCELLED));
  }

  private void assign(dev.weft.worker.domain.Assignment assignment) {
    AttemptKey key = assignment.key();
    if (attempts.holds(key) || outbox.resend(key)) {
      return;
    }
    if (draining) {
      rejected.add(new Rejected(key, "the worker is draining"));
    } else if (outbox.isFull()) {
      rejected.add(new Rejected(key, "results wait to be settled"));
    } else {
      leases.granted(key, ticker.nanos());
      attempts.begin(assignment).ifPresent(lack -> refuse(key, lack));
    }
  }

  private void refuse(AttemptKey key, String lack) {
    leases.released(key);
    rejected.add(new Rejected(key, lack));
  }

  /** The stream has ended, from whichever side. */
  public void disconnected(PlacerLink from) {
    if (from.equals(link)) {
      link = null;
      welcomed = false;
      leases.disconnected();
    }
  }

  private void attemptStarted(AttemptKey key) {
    started.add(key);
  }

  /** Nothing of an attempt is left but its result. */
  private void attemptEnded(AttemptResult result) {
    leases.released(result.key());
    outbox.add(result);
  }

  /** Takes nothing more; what runs may end until the deadline. The shortest deadline counts. */
  public void drain(Duration grace) {
    long deadline = ticker.nanos() + grace.toNanos();
    if (!drainEnds || deadline - drainDeadline < 0) {
      drainDeadline = deadline;
      attempts.drain(grace);
    }
    drainEnds = true;
    if (!draining) {
      LOG.infof("draining: grace=%s running=%d", grace, attempts.count());
    }
    draining = true;
  }

  /** Done when the worker drains and runs nothing. */
  public CompletableFuture<Void> idle() {
    return idle;
  }

  /** Done when the worker drains, runs nothing, and all its results are settled. */
  public CompletableFuture<Void> drained() {
    return drained;
  }

  /** A new stream begins with what is true now; the placer takes back what never began here. */
  private void giveUpAfterSleep() {
    long now = ticker.nanos();
    boolean slept = now - awakeAt > SLEEP.toNanos();
    awakeAt = now;
    PlacerLink current = link;
    if (slept && current != null) {
      LOG.warnf("slept, the stream is opened anew: longest=%s", SLEEP);
      disconnected(current);
      current.close("slept longer than " + SLEEP);
    }
  }

  /** What has to happen as time goes by; to be called a few times a second. */
  public void tick() {
    giveUpAfterSleep();
    long now = ticker.nanos();
    for (AttemptKey key : leases.lost(now)) {
      if (attempts.end(key, EndReason.LEASE_LOST)) {
        LOG.warnf("attempt ended, its lease could not be renewed: attempt=%s", key);
      }
    }
    if (drainEnds && now - drainDeadline >= 0) {
      attempts.endAll(EndReason.DRAINED);
    }
    PlacerLink current = link;
    if (current != null && now - acknowledgedAt >= SILENCE.toNanos()) {
      disconnected(current);
      current.close("silent for " + SILENCE);
    }
    if (draining && attempts.count() == 0) {
      idle.complete(null);
      if (outbox.isEmpty()) {
        drained.complete(null);
      }
    }
  }

  /**
   * Sends what waits, as far as the stream takes it; to be called after every batch of the above.
   */
  public void flush() {
    PlacerLink current = link;
    while (current != null && welcomed && current.equals(link) && current.ready()) {
      Frame frame = next();
      if (frame.isEmpty()) {
        return;
      }
      current.send(frame);
    }
  }

  private Frame next() {
    boolean tell = draining && !drainTold;
    drainTold |= tell;
    List<AttemptResult> results = outbox.nextUnsent(BATCH_BYTES);
    Frame frame =
        new Frame(renewalIfDue(), started, results, rejected, attempts.tokens().take(), tell);
    started.clear();
    rejected.clear();
    return frame;
  }

  private @Nullable Renewal renewalIfDue() {
    long now = ticker.nanos();
    if (renewedHere && now - renewedAt < RENEWAL.toNanos()) {
      return null;
    }
    renewedHere = true;
    renewedAt = now;
    List<AttemptKey> held = List.copyOf(held());
    return new Renewal(leases.renewing(held, now), held);
  }

  /**
   * What is not settled is held: a result on its way must not be overtaken by the end of its lease.
   */
  private Set<AttemptKey> held() {
    Set<AttemptKey> held = new LinkedHashSet<>(attempts.keys());
    held.addAll(outbox.keys());
    return held;
  }

  /** What the registry is told. */
  public WorkView view() {
    return attempts.view(welcomed, draining);
  }
}
