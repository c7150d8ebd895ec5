package dev.weft.worker.grpc;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.agent.v1.FindHomeResponse;
import dev.weft.proto.internal.session.v1.SessionServiceGrpc;
import dev.weft.worker.app.agent.AgentHomes;
import dev.weft.worker.app.agent.AgentHomes.Body;
import dev.weft.worker.domain.EpochGuard;
import dev.weft.worker.domain.agent.HomeOrders;
import dev.weft.worker.grpc.MeshStreams.Dialling;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Keeps a body's stream to its home, wherever that moves. Safe for threads. */
final class SessionKeeper implements AgentHomes.Connection {

  private static final Logger LOG = Logger.getLogger(SessionKeeper.class);
  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LEAVE = Duration.ofSeconds(2);

  /** So many losses in a row, and the ways themselves may have changed. */
  private static final int ASKED_AGAIN = 3;

  /** Losses at which the line may be at fault; at others the home has said why. */
  private static final Set<String> OF_LINES =
      Set.of("UNAVAILABLE", "CANCELLED", "UNKNOWN", "INTERNAL", "DEADLINE_EXCEEDED");

  private static final HomeOrders HIBERNATE =
      new HomeOrders(List.of(), List.of(), new byte[0], Optional.empty(), true);

  private final Body body;
  private final Supplier<CompletionStage<FindHomeResponse>> find;
  private final HomeLines lines;
  private final Dialling dialling;
  private final Ticker ticker;
  private final EpochGuard epochs = new EpochGuard();
  private HomeLines.@Nullable Place place;
  private @Nullable SessionLink link;
  private @Nullable Future<?> beats;
  private boolean stands = true;
  private int failures;
  private boolean farewell;
  private boolean closed;

  /**
   * @param find asks the placer where the home is
   */
  SessionKeeper(
      Body body,
      Supplier<CompletionStage<FindHomeResponse>> find,
      HomeLines lines,
      Dialling dialling,
      Ticker ticker) {
    this.body = body;
    this.find = find;
    this.lines = lines;
    this.dialling = dialling;
    this.ticker = ticker;
    body.frames().onFrames(this::pump);
  }

  void start() {
    ask();
  }

  private void pump() {
    SessionLink now;
    synchronized (this) {
      now = link;
    }
    if (now != null) {
      now.pump();
    }
  }

  private void ask() {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    find.get().whenComplete(this::found);
  }

  private void found(@Nullable FindHomeResponse response, @Nullable Throwable failure) {
    if (response == null) {
      lost(failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
      return;
    }
    if (response.getHibernate()) {
      body.obey(HIBERNATE);
    }
    String address = response.getHome().getAddress();
    long epoch = response.getHome().getEpoch();
    synchronized (this) {
      if (closed) {
        return;
      }
      if (!address.isEmpty() && epochs.admit(epoch)) {
        dial(address, epoch);
        return;
      }
    }
    lost(Status.UNAVAILABLE.withDescription("home: none of epoch " + epoch).asException());
  }

  private void dial(String address, long epoch) {
    try {
      HomeLines.Place fresh = lines.take(address);
      place = fresh;
      // On the connection's thread: nothing that is done there waits, and a key should not either.
      SessionLink opened =
          SessionLink.open(
              SessionServiceGrpc.newStub(fresh.channel()).withExecutor(Runnable::run),
              new SessionLink.Side(
                  body, epoch, ticker, () -> connected(address, epoch), this::lost));
      if (!fresh.equals(place)) {
        return; // It was over before it had begun.
      }
      link = opened;
      beats =
          dialling
              .timer()
              .scheduleAtFixedRate(
                  this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException e) {
      lost(e);
    }
  }

  private void beat() {
    SessionLink now;
    synchronized (this) {
      now = link;
    }
    if (now != null) {
      now.beat();
    }
  }

  private synchronized void connected(String address, long epoch) {
    stands = true;
    failures = 0;
    LOG.infof(
        "home found: agentId=%s body=%d address=%s epoch=%d",
        body.agentId(), body.number(), address, epoch);
  }

  /** No home, or no stream to it: asked again, at first soon, never in step with others. */
  private synchronized void lost(@Nullable Throwable cause) {
    MeshProblem problem =
        StatusMapper.fromStatus(cause == null ? Status.UNAVAILABLE.asRuntimeException() : cause);
    hangUp(false, !closed && OF_LINES.contains(problem.reason()));
    if (closed) {
      return;
    }
    // Once is news; that it is still so is not.
    LOG.logf(
        stands ? Level.INFO : Level.DEBUG,
        "home lost: agentId=%s body=%d reason=%s error=%s",
        body.agentId(),
        body.number(),
        problem.reason(),
        problem.message());
    stands = false;
    failures++;
    if (failures % ASKED_AGAIN == 0) {
      dialling.askAgain().run();
    }
    long most =
        Math.min(FIRST_PAUSE.toMillis() << Math.min(failures - 1, 4), LONGEST_PAUSE.toMillis());
    try {
      dialling
          .timer()
          .schedule(this::ask, dialling.random().nextLong(most + 1), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      closed = true;
    }
  }

  private void hangUp(boolean politely, boolean broken) {
    Future<?> beating = beats;
    if (beating != null) {
      beating.cancel(false);
      beats = null;
    }
    SessionLink old = link;
    link = null;
    HomeLines.Place left = place;
    place = null;
    if (politely && old != null) {
      old.finish();
      dialling
          .timer()
          .schedule(() -> leave(old, left, broken), LEAVE.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      leave(old, left, broken);
    }
  }

  private static void leave(
      @Nullable SessionLink old, HomeLines.@Nullable Place place, boolean broken) {
    if (old != null) {
      old.abandon();
    }
    if (place != null) {
      place.leave(broken);
    }
  }

  @Override
  public synchronized void goodbye() {
    farewell = true;
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      hangUp(farewell, false);
    } catch (RejectedExecutionException e) {
      LOG.debug("the worker has stopped already");
    }
  }
}
