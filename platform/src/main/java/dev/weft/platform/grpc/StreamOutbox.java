package dev.weft.platform.grpc;

import com.google.protobuf.MessageLite;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import io.grpc.stub.CallStreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a long stream: takes messages from any thread and sends them when the
 * receiver takes them. What waits is bounded; a receiver so slow that the bound is reached even
 * after coalescing loses the stream with SLOW_CONSUMER (RESOURCE_EXHAUSTED), never the sender its
 * memory. Nothing blocks.
 *
 * <p>On a server, make it in the method's own thread before it returns; on a client, in {@code
 * beforeStart}.
 */
public final class StreamOutbox<M extends MessageLite> {

  /**
   * @param maxMessages that wait
   * @param maxBytes that wait
   * @param maxFrameBytes that are coalesced into one message
   */
  public record Limits(int maxMessages, long maxBytes, int maxFrameBytes) {

    /** 1,024 messages or 4 MiB, in frames of 256 KiB. */
    public static Limits defaults() {
      return new Limits(1_024, 4L << 20, 256 << 10);
    }
  }

  /**
   * Makes fewer messages of those that wait, in an order that means the same; may return them as
   * they are.
   */
  @FunctionalInterface
  public interface Coalescer<M> {
    List<M> coalesce(List<M> waiting);

    /** Every message is sent as it is. */
    static <M> Coalescer<M> none() {
      return waiting -> waiting;
    }

    /** One message of all: repeated fields in a row, of the others the last that is set. */
    static <M extends MessageLite> Coalescer<M> mergeFrom() {
      return waiting -> {
        if (waiting.size() < 2) {
          return waiting;
        }
        MessageLite.Builder all = waiting.getFirst().toBuilder();
        waiting.stream().skip(1).forEach(all::mergeFrom);
        @SuppressWarnings("unchecked") // A message's builder builds such a message.
        M merged = (M) all.build();
        return List.of(merged);
      };
    }
  }

  private final CallStreamObserver<? super M> stream;
  private final Limits limits;
  private final Coalescer<M> coalescer;
  private final AtomicInteger wanted = new AtomicInteger();
  private final Object lock = new Object();
  private final Deque<M> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean open = true;
  private boolean ending;
  private @Nullable Throwable failure;

  public StreamOutbox(CallStreamObserver<? super M> stream, Limits limits, Coalescer<M> coalescer) {
    this.stream = stream;
    this.limits = limits;
    this.coalescer = coalescer;
    stream.setOnReadyHandler(this::drain);
  }

  /**
   * Sends a message as soon as the receiver takes it.
   *
   * @return false if the stream has ended, or ends now because the receiver is too slow
   */
  public boolean offer(M message) {
    boolean taken;
    synchronized (lock) {
      if (!open || ending) {
        return false;
      }
      waiting.addLast(message);
      waitingBytes += message.getSerializedSize();
      taken = isWithinLimits() || compact();
      if (!taken) {
        failure =
            new MeshException(MeshReason.SLOW_CONSUMER, "the receiver does not read")
                .with("messages", waiting.size())
                .with("bytes", waitingBytes);
        discard();
        ending = true;
      }
    }
    drain();
    return taken;
  }

  /** Ends the stream well after everything that waits. */
  public void complete() {
    synchronized (lock) {
      ending = true;
    }
    drain();
  }

  /** Ends the stream with a failure at once; what waits is dropped. */
  public void fail(Throwable cause) {
    synchronized (lock) {
      if (failure == null) {
        failure = cause;
      }
      ending = true;
      discard();
    }
    drain();
  }

  /** Forgets everything: the other side has ended the stream. */
  public void abandon() {
    synchronized (lock) {
      open = false;
      discard();
    }
  }

  /** Whether messages are still taken. */
  public boolean isOpen() {
    synchronized (lock) {
      return open && !ending;
    }
  }

  /** Bytes that wait for the receiver. */
  public long waitingBytes() {
    synchronized (lock) {
      return waitingBytes;
    }
  }

  private boolean isWithinLimits() {
    return waiting.size() <= limits.maxMessages() && waitingBytes <= limits.maxBytes();
  }

  private boolean compact() {
    List<M> fewer = coalescer.coalesce(List.copyOf(waiting));
    discard();
    fewer.forEach(this::putLast);
    return isWithinLimits();
  }

  private void putLast(M message) {
    waiting.addLast(message);
    waitingBytes += message.getSerializedSize();
  }

  private void discard() {
    waiting.clear();
    waitingBytes = 0;
  }

  /** One thread sends at a time; who comes meanwhile leaves it a note to look again. */
  private void drain() {
    if (wanted.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      try {
        sendWhatIsTaken();
      } catch (RuntimeException e) {
        // The call has ended under our hands; its own observer is told why.
        abandon();
      }
      seen = wanted.addAndGet(-seen);
    } while (seen != 0);
  }

  private void sendWhatIsTaken() {
    while (stream.isReady()) {
      List<M> frame = takeFrame();
      if (frame.isEmpty()) {
        break;
      }
      for (int i = 0; i < frame.size(); i++) {
        if (i > 0 && !stream.isReady()) {
          putBack(frame.subList(i, frame.size()));
          break;
        }
        stream.onNext(frame.get(i));
      }
    }
    endIfDue();
  }

  private List<M> takeFrame() {
    List<M> taken = new ArrayList<>();
    synchronized (lock) {
      long bytes = 0;
      while (!waiting.isEmpty()) {
        long next = waiting.getFirst().getSerializedSize();
        if (!taken.isEmpty() && bytes + next > limits.maxFrameBytes()) {
          break;
        }
        bytes += next;
        taken.add(waiting.removeFirst());
      }
      waitingBytes -= bytes;
    }
    return taken.size() < 2 ? taken : coalescer.coalesce(taken);
  }

  private void putBack(List<M> unsent) {
    synchronized (lock) {
      if (failure == null && open) {
        for (M message : unsent.reversed()) {
          waiting.addFirst(message);
          waitingBytes += message.getSerializedSize();
        }
      }
    }
  }

  private void endIfDue() {
    Throwable cause;
    synchronized (lock) {
      if (!open || !ending || !waiting.isEmpty()) {
        return;
      }
      open = false;
      cause = failure;
    }
    if (cause == null) {
      stream.onCompleted();
    } else {
      stream.onError(StatusMapper.toStatus(cause));
    }
  }
}
