package dev.weft.worker.app.agent;

import dev.weft.worker.domain.agent.FrameOutbox;
import java.util.HashSet;
import java.util.Set;

/**
 * What a worker has for the frames of its bodies, divided evenly among those that live: each has
 * its 4 MiB while they are few, and many together can't use up the heap. Safe for threads.
 */
final class FrameMemory {

  /** More than the largest frame, so that a body always gets on. */
  static final long LEAST_BYTES = 256L << 10;

  private static final int HEAP_PART = 4;

  private final long total;
  private final Set<FrameStore> stores = new HashSet<>();

  FrameMemory(long totalBytes) {
    this.total = totalBytes;
  }

  /** A quarter of the heap. */
  static FrameMemory ofHeap() {
    return new FrameMemory(Runtime.getRuntime().maxMemory() / HEAP_PART);
  }

  /** A body's share, until it is closed. */
  interface Share extends AutoCloseable {
    @Override
    void close();
  }

  /** Gives a body its share; those of the others become smaller. */
  synchronized Share share(FrameStore frames) {
    stores.add(frames);
    divide();
    return () -> leave(frames);
  }

  private synchronized void leave(FrameStore frames) {
    stores.remove(frames);
    divide();
  }

  private void divide() {
    long each = stores.isEmpty() ? total : total / stores.size();
    long bound = Math.clamp(each, LEAST_BYTES, FrameOutbox.BOUND_BYTES);
    stores.forEach(store -> store.bound(bound));
  }
}
