package dev.weft.gateway.artifact;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.MessageLite;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries a caller's steps up to one replica, no faster than the replica takes them; what waits is
 * merged, and is bounded: the caller is asked for more only while there is room. As long as nothing
 * has been sent, a replica that is not there is replaced by another.
 */
public final class Upstreaming<Q extends MessageLite, M, A> implements OpenStream {

  private static final int MOST_HELD_BYTES = 1 << 20;
  private static final int MOST_HELD_STEPS = 64;
  private static final int MOST_TRIES = 4;

  /**
   * Enough for the connection to have work while the next step is on its way here. Nothing here
   * waits for anything, so it is called by the connection's own thread.
   */
  private static final CallOptions OPTIONS =
      CallOptions.DEFAULT
          .withOnReadyThreshold(MOST_HELD_BYTES)
          .withExecutor(MoreExecutors.directExecutor());

  /** The caller's side: takes the answers, one at a time as it asks for them. */
  public interface Caller<A> extends StreamSink<A> {

    /** There is room for one more step. */
    void more();
  }

  /**
   * One kind of stream.
   *
   * @param first makes the first message of the first step
   * @param rest makes every other
   * @param merge makes one step of two if they may travel as one
   */
  record Kind<Q, M, A>(
      MethodDescriptor<M, A> method,
      Function<Q, M> first,
      Function<Q, M> rest,
      BiFunction<Q, Q, Optional<Q>> merge) {}

  private final Holder store;
  private final Kind<Q, M, A> kind;
  private final Caller<A> caller;
  private final Deque<Q> held = new ArrayDeque<>();
  private @Nullable ClientCall<M, A> current;
  private long heldBytes;
  private int credit = 1;
  private int tries;
  private boolean sent;
  private boolean hungry;
  private boolean finishing;
  private boolean halfClosed;
  private boolean over;

  Upstreaming(Holder store, Kind<Q, M, A> kind, Caller<A> caller) {
    this.store = store;
    this.kind = kind;
    this.caller = caller;
  }

  /** Dials a replica; steps may be offered before it answers. */
  void open() {
    Channel channel;
    try {
      channel = store.channel();
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    synchronized (this) {
      if (over) {
        return;
      }
      tries++;
    }
    ClientCall<M, A> call = channel.newCall(kind.method(), OPTIONS);
    Answers answers = new Answers(channel);
    // Not under the lock: what fails at once is told at once, by this very thread.
    call.start(answers, new Metadata());
    begun(call, answers);
  }

  private void begun(ClientCall<M, A> call, Answers answers) {
    int asked;
    boolean late;
    synchronized (this) {
      if (answers.closed) {
        return;
      }
      late = over;
      asked = Math.max(1, credit);
      current = late ? null : call;
    }
    if (late) {
      call.cancel("the sender has gone", null);
    } else {
      call.request(asked);
      drain();
    }
  }

  /**
   * Takes a step.
   *
   * @return whether one more may come at once; else {@link Caller#more} says when
   */
  public boolean offer(Q step) {
    synchronized (this) {
      if (over) {
        return false;
      }
      Q last = held.peekLast();
      Optional<Q> merged = last == null ? Optional.empty() : kind.merge().apply(last, step);
      if (last != null && merged.isPresent()) {
        held.removeLast();
        heldBytes -= last.getSerializedSize();
      }
      Q put = merged.orElse(step);
      held.addLast(put);
      heldBytes += put.getSerializedSize();
      push();
      hungry = !hasRoom();
      return !hungry;
    }
  }

  /** The caller has sent everything. */
  public void finish() {
    synchronized (this) {
      finishing = true;
      push();
    }
  }

  /** Asks for one more answer. */
  @Override
  public void request() {
    ClientCall<M, A> call;
    synchronized (this) {
      credit++;
      call = current;
    }
    if (call != null) {
      call.request(1);
    }
  }

  /** The caller has gone: nothing of what was sent is to be kept. */
  @Override
  public void cancel() {
    ClientCall<M, A> call;
    synchronized (this) {
      over = true;
      held.clear();
      call = current;
      current = null;
    }
    if (call != null) {
      call.cancel("the sender has gone", null);
    }
  }

  private boolean hasRoom() {
    return heldBytes < MOST_HELD_BYTES && held.size() < MOST_HELD_STEPS;
  }

  private void drain() {
    boolean more;
    synchronized (this) {
      push();
      more = hungry && !over && hasRoom();
      if (more) {
        hungry = false;
      }
    }
    if (more) {
      caller.more();
    }
  }

  /** Sends what the replica takes; under the lock, since a call bears one sender. */
  private void push() {
    ClientCall<M, A> call = current;
    if (call == null || over || halfClosed) {
      return;
    }
    while (!held.isEmpty() && call.isReady()) {
      Q step = held.removeFirst();
      heldBytes -= step.getSerializedSize();
      call.sendMessage((sent ? kind.rest() : kind.first()).apply(step));
      sent = true;
    }
    if (finishing && held.isEmpty()) {
      halfClosed = true;
      call.halfClose();
    }
  }

  private final class Answers extends ClientCall.Listener<A> {

    private final Channel channel;
    private boolean closed;

    Answers(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void onReady() {
      drain();
    }

    @Override
    public void onMessage(A answer) {
      synchronized (Upstreaming.this) {
        if (over) {
          return;
        }
        credit--;
      }
      if (kind.method().getType().serverSendsOneMessage()) {
        // Its end is what is waited for.
        request();
      }
      caller.next(answer);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      synchronized (Upstreaming.this) {
        closed = true;
      }
      if (status.isOk()) {
        end();
        return;
      }
      RuntimeException failure = status.asRuntimeException(trailers);
      store.broken(channel, failure);
      fail(failure);
    }
  }

  private void end() {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      held.clear();
    }
    caller.done();
  }

  private void fail(RuntimeException failure) {
    boolean again;
    boolean begun;
    synchronized (this) {
      if (over) {
        return;
      }
      current = null;
      begun = sent;
      again = !begun && tries > 0 && tries < MOST_TRIES && UploadFailures.isAway(failure);
      over = !again;
      halfClosed = false;
      if (over) {
        held.clear();
      }
    }
    if (again) {
      open();
    } else {
      caller.failed(UploadFailures.visible(failure, begun));
    }
  }
}
