package dev.weft.worker.sandbox;

import dev.weft.worker.app.SandboxException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * What is made before anybody asks for it, a few at most. Each is handed out once and never comes
 * back. New ones are made one after the other, never by who asks. Safe for threads.
 */
final class WarmShelf<T extends WarmShelf.Kept> implements AutoCloseable {

  /** The most that may wait. */
  static final int MOST = 16;

  private static final Logger LOG = Logger.getLogger(WarmShelf.class);

  private final Maker<T> maker;
  private final int spare;
  private final Executor later;
  private final Deque<T> waiting = new ArrayDeque<>();
  private final Deque<T> fallen = new ArrayDeque<>();
  private final ReentrantLock making = new ReentrantLock();
  private boolean coming;
  private boolean closed;

  /** What waits. */
  interface Kept {

    /** Whether it can still be used; asked often, and quick. */
    boolean stands();

    /** Removes it. Never fails. */
    void discard();
  }

  /** Makes what is to wait. */
  @FunctionalInterface
  interface Maker<T> {
    T make() throws IOException, SandboxException, InterruptedException;
  }

  /**
   * @param spare how many wait; 0 for none
   * @param later runs something on a thread that may block, a moment after it was asked to: so long
   *     is the pause between two that are made
   */
  WarmShelf(Maker<T> maker, int spare, Executor later) {
    if (spare < 0 || spare > MOST) {
      throw new IllegalArgumentException(
          "warm sandboxes: %d (expected: 0 to %d)".formatted(spare, MOST));
    }
    this.maker = maker;
    this.spare = spare;
    this.later = later;
  }

  /** One of those that wait, for the caller alone; empty if none does. */
  Optional<T> claim() {
    Optional<T> found = take();
    refill();
    return found;
  }

  private synchronized Optional<T> take() {
    while (!closed && !waiting.isEmpty()) {
      T next = waiting.removeFirst();
      if (next.stands()) {
        return Optional.of(next);
      }
      fallen.addLast(next);
    }
    return Optional.empty();
  }

  /** Lets go what can't be used any more, and makes anew what is missing. */
  void tend() {
    synchronized (this) {
      waiting.removeIf(one -> !one.stands() && fallen.add(one));
    }
    refill();
  }

  private void refill() {
    synchronized (this) {
      if (closed || coming || waiting.size() >= spare) {
        return;
      }
      coming = true;
    }
    try {
      later.execute(this::makeOne);
    } catch (RejectedExecutionException e) {
      LOG.debug("no sandbox is prepared any more: the worker ends");
    }
  }

  private void makeOne() {
    boolean made = false;
    making.lock();
    try {
      takeFallen().forEach(Kept::discard);
      made = !isClosed() && makeAndKeep();
    } finally {
      making.unlock();
      synchronized (this) {
        coming = false;
      }
    }
    if (made) {
      refill();
    }
  }

  /** What fails is tried again when one is claimed, and when the shelf is tended. */
  private boolean makeAndKeep() {
    try {
      T one = maker.make();
      synchronized (this) {
        waiting.addLast(one);
      }
      return true;
    } catch (IOException | SandboxException | RuntimeException e) {
      LOG.warnf("no sandbox is prepared: error=%s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized List<T> takeFallen() {
    List<T> all = new ArrayList<>(fallen);
    fallen.clear();
    return all;
  }

  /** How many wait that can be used. */
  synchronized int waiting() {
    return (int) waiting.stream().filter(Kept::stands).count();
  }

  /** Removes what waits, also one that is being made; what was claimed is its claimer's. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    making.lock();
    try {
      synchronized (this) {
        fallen.addAll(waiting);
        waiting.clear();
      }
      takeFallen().forEach(Kept::discard);
    } finally {
      making.unlock();
    }
  }
}
