package dev.weft.worker.domain.output;

import dev.weft.worker.domain.OutputBuffer.Stream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of an attempt's output is not durable yet. Who adds to it waits while it is full, so that
 * the command waits too; what was sent stays until it is known to be sealed, so that it can be sent
 * again. Small pieces that nobody has taken yet grow together. Safe for threads.
 */
public final class OutputBacklog {

  public static final int CHUNK_BYTES = 64 * 1024;

  /** A frame of many tiny chunks is large by what stands around them. */
  private static final int CHUNKS_AT_ONCE = 512;

  private static final int SMALLEST = 1024;

  /** What a chunk costs beside its bytes. */
  private static final long OVERHEAD = 128;

  private static final long OTHERS_LOOK_MILLIS = 20;

  /**
   * How much there may be.
   *
   * @param unsealed kept in memory
   * @param logged in all; what comes after it is counted and dropped
   */
  public record Bounds(long unsealed, long logged) {}

  private final OutputBudget budget;
  private final Bounds bounds;
  private final Map<Long, Growing> chunks = new HashMap<>();
  private volatile Runnable onMore = () -> {};
  private long first = 1;
  private long last;
  private long cost;
  private long accepted;
  private boolean open = true;
  private boolean over;
  private boolean ended;
  private boolean truncated;

  public OutputBacklog(OutputBudget budget, Bounds bounds) {
    this.budget = budget;
    this.bounds = bounds;
  }

  /** Who is told, on the adder's thread, that there is something to send. */
  public void onMore(Runnable action) {
    onMore = action;
  }

  /** Adds what was read; waits while there is no room. */
  public void append(Stream source, byte[] bytes, int length, Instant readAt)
      throws InterruptedException {
    int from = 0;
    while (from < length) {
      int taken;
      synchronized (this) {
        awaitRoom();
        taken = take(source, bytes, from, length - from, readAt);
      }
      if (taken == 0) {
        return;
      }
      from += taken;
      onMore.run();
    }
  }

  /** Adds the little that came before the log was opened; waits for nobody. */
  public synchronized void begin(Stream source, byte[] bytes, Instant readAt) {
    int from = 0;
    while (from < bytes.length) {
      from += take(source, bytes, from, bytes.length - from, readAt);
    }
  }

  /** Takes what fits in one chunk; 0 if nothing is taken any more. */
  private int take(Stream source, byte[] bytes, int from, int length, Instant readAt) {
    if (!open || accepted >= bounds.logged()) {
      truncated |= !ended || accepted >= bounds.logged();
      return 0;
    }
    Growing tail = chunks.get(last);
    if (tail == null || tail.taken || tail.source != source || tail.length == CHUNK_BYTES) {
      // After a full one comes another.
      int least = tail != null && tail.length == CHUNK_BYTES ? CHUNK_BYTES : SMALLEST;
      tail = new Growing(source, Math.clamp(length, least, CHUNK_BYTES), readAt);
      chunks.put(++last, tail);
      pay(OVERHEAD + tail.bytes.length);
    }
    int size = Math.min(length, CHUNK_BYTES - tail.length);
    pay(tail.add(bytes, from, size));
    accepted += size;
    return size;
  }

  private void awaitRoom() throws InterruptedException {
    while (open && !over && cost > 0 && (cost >= bounds.unsealed() || !budgetHasRoom())) {
      // Others give back without telling us.
      wait(cost >= bounds.unsealed() ? 0 : OTHERS_LOOK_MILLIS);
    }
  }

  private boolean budgetHasRoom() {
    boolean room = budget.tryTake(CHUNK_BYTES);
    if (room) {
      budget.giveBack(CHUNK_BYTES);
    }
    return room;
  }

  private void pay(long bytes) {
    cost += bytes;
    budget.take(bytes);
  }

  /** The chunks after a number, as many as are not more than so many bytes, at least one if any. */
  public synchronized List<OutputChunk> after(long number, int mostBytes) {
    List<OutputChunk> next = new ArrayList<>();
    int bytes = 0;
    for (long at = Math.max(number + 1, first); at <= last; at++) {
      Growing chunk = chunks.get(at);
      boolean full = bytes + chunkLength(chunk) > mostBytes || next.size() >= CHUNKS_AT_ONCE;
      if (chunk == null || (!next.isEmpty() && full)) {
        break;
      }
      chunk.taken = true;
      bytes += chunk.length;
      next.add(new OutputChunk(at, chunk.source, chunk.bytes, chunk.length, chunk.readAt));
    }
    return next;
  }

  private static int chunkLength(@Nullable Growing chunk) {
    return chunk == null ? 0 : chunk.length;
  }

  /** All up to a number is durable elsewhere and is forgotten here. */
  public synchronized void sealed(long number) {
    while (first <= number && first <= last) {
      Growing gone = chunks.remove(first++);
      if (gone != null) {
        long back = OVERHEAD + gone.bytes.length;
        cost -= back;
        budget.giveBack(back);
      }
    }
    notifyAll();
  }

  /** The command is over: what its pipes still hold is taken in without waiting. */
  public synchronized void commandOver() {
    over = true;
    notifyAll();
  }

  /** No more comes. */
  public void end() {
    synchronized (this) {
      open = false;
      ended = true;
      notifyAll();
    }
    onMore.run();
  }

  /** Nobody will ever take it: forgets all, and whatever comes. */
  public synchronized void abandon() {
    open = false;
    sealed(last);
  }

  public synchronized boolean ended() {
    return ended;
  }

  public synchronized long firstKept() {
    return first;
  }

  public synchronized long lastNumber() {
    return last;
  }

  /** Something was dropped: over the bound, or because nobody took it. */
  public synchronized boolean truncated() {
    return truncated;
  }

  private static final class Growing {
    private final Stream source;
    private final Instant readAt;
    private byte[] bytes;
    private int length;
    private boolean taken;

    Growing(Stream source, int capacity, Instant readAt) {
      this.source = source;
      this.readAt = readAt;
      this.bytes = new byte[capacity];
    }

    /** Answers by how much it has grown. */
    int add(byte[] from, int offset, int size) {
      int before = bytes.length;
      if (length + size > before) {
        int next = Math.min(CHUNK_BYTES, Math.max(length + size, 2 * before));
        bytes = Arrays.copyOf(bytes, next);
      }
      System.arraycopy(from, offset, bytes, length, size);
      length += size;
      return bytes.length - before;
    }
  }
}
