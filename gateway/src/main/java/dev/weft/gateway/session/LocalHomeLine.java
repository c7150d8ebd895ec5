package dev.weft.gateway.session;

import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A line to a home in this process. What the client says is told to the home on the client's
 * thread, or on that of whoever lets it say more. What the home says always waits for a turn of the
 * client's thread: the client's lock may be held while the home's is taken, never the other way
 * round.
 */
final class LocalHomeLine implements HomeLine, ClientOutlet {

  private static final Logger LOG = Logger.getLogger(LocalHomeLine.class);

  private final ClientVisit visit;
  private final Executor turn;
  private final Listener listener;
  private final Deque<AttachRequest> said = new ArrayDeque<>();
  private int allowed;
  private boolean telling;
  private boolean asked;
  private boolean cancelled;

  /**
   * @param turn runs a task on the client's thread, after what it does now; never at once
   */
  LocalHomeLine(SessionHub hub, Ticker ticker, Executor turn, Listener listener) {
    this.visit = new ClientVisit(hub, ticker, this);
    this.turn = turn;
    this.listener = listener;
  }

  // ---- up, to the home

  @Override
  public void start(AttachHello hello) {
    visit.said(AttachRequest.newBuilder().setHello(hello).build());
  }

  @Override
  public void send(AttachRequest step) {
    synchronized (this) {
      said.addLast(step);
    }
    tell();
  }

  @Override
  public void request(int more) {
    boolean news;
    synchronized (this) {
      allowed += more;
      news = asked;
      asked = false;
    }
    if (news) {
      turn.execute(listener::ready);
    }
    tell();
  }

  @Override
  public synchronized boolean isReady() {
    asked = allowed == 0 || !said.isEmpty();
    return !asked;
  }

  /** Tells what may be told. One thread at a time, which also tells what others bring meanwhile. */
  private void tell() {
    try {
      for (AttachRequest next = next(false); next != null; next = next(true)) {
        visit.said(next);
      }
    } catch (RuntimeException e) {
      LOG.error("a home could not take what its client said, the client comes again", e);
      visit.left();
      fail(e);
    }
  }

  private synchronized @Nullable AttachRequest next(boolean mine) {
    if (cancelled || (telling && !mine)) {
      return null;
    }
    telling = allowed > 0 && !said.isEmpty();
    if (!telling) {
      return null;
    }
    allowed--;
    return said.removeFirst();
  }

  @Override
  public void cancel(String why) {
    over();
    visit.left();
  }

  private synchronized void over() {
    cancelled = true;
    said.clear();
  }

  // ---- down, to the client

  @Override
  public void deliver(AttachResponse step) {
    turn.execute(() -> listener.next(step));
  }

  /** A home sends no more than what is passed on, and a little. */
  @Override
  public boolean takesMore() {
    return true;
  }

  @Override
  public void fail(Throwable why) {
    StatusRuntimeException told = StatusMapper.toStatus(why);
    @Nullable Metadata trailers = told.getTrailers();
    close(told.getStatus(), trailers == null ? new Metadata() : trailers);
  }

  @Override
  public void complete() {
    close(Status.OK, new Metadata());
  }

  private void close(Status status, Metadata trailers) {
    over();
    turn.execute(() -> listener.closed(status, trailers));
  }
}
