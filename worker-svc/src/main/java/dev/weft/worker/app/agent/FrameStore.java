package dev.weft.worker.app.agent;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.domain.agent.FrameOutbox;
import dev.weft.worker.domain.agent.SessionEvent;
import dev.weft.worker.domain.agent.SessionFrame;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A body's frames between those who make them and the home. Who makes one waits while there is no
 * room: so the pipes and the terminal are held, and nothing is lost. Safe for threads.
 */
public final class FrameStore {

  private static final Logger LOG = Logger.getLogger(FrameStore.class);

  private final FrameOutbox outbox;
  private final InstantSource clock;
  private final Ticker ticker;
  private volatile Runnable onFrames = () -> {};
  private boolean closed;
  private boolean waits;

  public FrameStore(FrameOutbox outbox, InstantSource clock, Ticker ticker) {
    this.ticker = ticker;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Who is told, on the maker's thread, that there are frames to send; must not block. */
  public void onFrames(Runnable action) {
    onFrames = action;
  }

  /** Keeps an event; waits for room. When the body is over it goes nowhere. */
  void put(SessionEvent event) throws InterruptedException {
    synchronized (this) {
      while (!closed && !outbox.takes(event)) {
        wait();
      }
      if (closed) {
        return;
      }
      outbox.add(clock.instant(), event);
    }
    tell();
  }

  /** Keeps an event if there is room for it. */
  boolean offer(SessionEvent event) {
    synchronized (this) {
      if (closed || !outbox.takes(event)) {
        return false;
      }
      outbox.add(clock.instant(), event);
    }
    tell();
    return true;
  }

  /** The frame is kept, whatever becomes of the stream: who made it has nothing to do with that. */
  private void tell() {
    try {
      onFrames.run();
    } catch (RuntimeException e) {
      LOG.warn("frames could not be sent, the next stream has them", e);
    }
  }

  /** There is more room, or less. */
  synchronized void bound(long mostBytes) {
    outbox.bound(mostBytes);
    notifyAll();
  }

  /** The next ones after a number, at least one if there is any. */
  public synchronized List<SessionFrame> after(long number, int mostBytes) {
    return outbox.after(number, mostBytes);
  }

  public synchronized void acknowledged(long through) {
    outbox.acknowledged(through);
    notifyAll();
  }

  /** The first that can still be sent. */
  public synchronized long oldest() {
    return outbox.oldest();
  }

  /** The newest; 0 before the first. */
  public synchronized long last() {
    return outbox.last();
  }

  /** Whether somebody waits, or soon will, until frames are acknowledged. */
  public synchronized boolean waits() {
    return waits || outbox.isCrowded();
  }

  /** Waits until all of them are sealed, at most so long; answers whether they are. */
  boolean awaitAcknowledged(Duration atMost) throws InterruptedException {
    synchronized (this) {
      waits = true;
    }
    tell();
    synchronized (this) {
      long until = ticker.nanos() + atMost.toNanos();
      for (long left = atMost.toNanos();
          !outbox.isEmpty() && left > 0;
          left = until - ticker.nanos()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return outbox.isEmpty();
    }
  }

  /** The body is over: nobody waits for room any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
