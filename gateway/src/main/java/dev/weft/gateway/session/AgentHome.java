package dev.weft.gateway.session;

import com.google.protobuf.Timestamp;
import dev.weft.gateway.domain.session.BodyLedger;
import dev.weft.gateway.domain.session.FrameRing;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.domain.session.Seats;
import dev.weft.gateway.forward.AgentForwarder;
import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.Problems;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.agent.v1.FollowAgentResponse;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.Interrupted;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionFrame;
import dev.weft.proto.internal.session.v1.SessionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One agent whose home this gateway is: what its bodies have said, kept in a ring; who watches and
 * writes; the body that is connected. Everything of it happens under its lock, and nothing blocks.
 */
final class AgentHome implements StreamSink<FollowAgentResponse> {

  private static final Logger LOG = Logger.getLogger(AgentHome.class);
  private static final int OVERHEAD_BYTES = 64;

  /** A body's last frames may still be on their way when the placer says that it is over. */
  private static final Duration LAST_FRAMES = Duration.ofSeconds(2);

  private static final Duration FOLLOW_AGAIN = Duration.ofSeconds(1);

  private final HomeTerm term;
  private final HomeTools tools;
  private final Runnable forgotten;
  private final FrameRing<NumberedFrame> ring;
  private final Seats<ClientLink> seats = new Seats<>();
  private final CompletableFuture<Void> known = new CompletableFuture<>();
  private final BodyWork work;
  private Agent agent = Agent.getDefaultInstance();
  private @Nullable OpenStream follow;
  private boolean asked;
  private @Nullable BodyLedger ledger;
  private @Nullable BodyLink link;
  private Errands errands;
  private boolean goodbye;
  private boolean concluded;
  private boolean over;
  private long activeAt;

  /**
   * @param ringBytes that the ring keeps
   * @param forgotten run when this home is no home any more
   */
  AgentHome(HomeTerm term, HomeTools tools, long ringBytes, Runnable forgotten) {
    this.term = term;
    this.tools = tools;
    this.forgotten = forgotten;
    this.ring = new FrameRing<>(ringBytes);
    this.errands = errands();
    this.work = new BodyWork(this, term, tools);
    this.activeAt = tools.ticker().nanos();
  }

  private Errands errands() {
    return new Errands(this, tools.later(), tools.random(), this::noted);
  }

  HomeTerm term() {
    return term;
  }

  /** Begins to follow the agent. */
  void open() {
    OpenStream opened = tools.watches().agent(term.tenant(), term.agentId(), this);
    boolean late;
    boolean early;
    synchronized (this) {
      follow = opened;
      late = over;
      early = asked;
      asked = false;
    }
    if (late) {
      opened.cancel();
    } else if (early) {
      opened.request();
    }
  }

  /** Completes when the placer has said how the agent is. */
  CompletionStage<Void> known() {
    return known;
  }

  // ---- the placer's word

  @Override
  public void next(FollowAgentResponse step) {
    boolean moved;
    synchronized (this) {
      if (over) {
        return;
      }
      moved = step.getHome().getEpoch() > term.epoch();
      if (!moved) {
        changed(step.getAgent());
      }
    }
    if (moved) {
      end(SessionRefusals.staleHome(term.agentId(), step.getHome().getEpoch()));
      return;
    }
    known.complete(null);
    OpenStream source;
    synchronized (this) {
      source = follow;
      asked = source == null;
    }
    if (source != null) {
      source.request();
    }
  }

  private void changed(Agent now) {
    agent = now;
    if (link != null && now.getState() == AgentState.AGENT_STATE_HIBERNATING) {
      link.hibernate();
    }
    if (ledger != null && !concluded && isBodyOver(ledger.body())) {
      bodyOver(ledger.body());
    }
    work.agentChanged();
    flush();
    statusChanged();
  }

  private boolean isBodyOver(int body) {
    return agent.getBody() > body
        || agent.getState() == AgentState.AGENT_STATE_HIBERNATED
        || AgentForwarder.isOver(agent);
  }

  private void bodyOver(int body) {
    if (link == null) {
      conclude();
    } else {
      tools.later().run(LAST_FRAMES, () -> concludeLate(body));
    }
  }

  private synchronized void concludeLate(int body) {
    if (!over && ledger != null && ledger.body() == body && !concluded) {
      conclude();
      drainAll();
    }
  }

  /** Nothing more comes of the body: says so if it went away in the middle. */
  private void conclude() {
    BodyLedger last = ledger;
    if (last == null || concluded) {
      return;
    }
    concluded = true;
    errands.drop();
    if (link != null) {
      link.end(SessionRefusals.staleBody(last.body(), agent.getBody()));
      link = null;
    }
    List<String> running = last.running();
    if (!running.isEmpty() && !goodbye) {
      Place place = last.newest().next();
      keep(place, interrupted(place, running), false);
    }
  }

  private NumberedFrame interrupted(Place place, List<String> running) {
    Interrupted.Builder frame =
        Interrupted.newBuilder()
            .setNumber(place.number())
            .setAt(now())
            .addAllCommandIds(running)
            .setProblem(agent.hasProblem() ? agent.getProblem() : lost(place.body()));
    if (agent.hasSnapshot()) {
      frame.setSnapshot(agent.getSnapshot());
    }
    return NumberedFrame.newBuilder().setBody(place.body()).setInterrupted(frame).build();
  }

  private static Problem lost(int body) {
    return Problems.of(
        new MeshException(
                dev.weft.gateway.app.GatewayReason.BODY_LOST,
                "body: " + body + ", went away (expected: to end its commands)")
            .with("body", body));
  }

  private Timestamp now() {
    Instant now = tools.clock().instant();
    return Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()).build();
  }

  @Override
  public void done() {
    boolean ended;
    synchronized (this) {
      ended = AgentForwarder.isOver(agent);
    }
    if (!ended) {
      tools.later().run(FOLLOW_AGAIN, this::followAgain);
    }
  }

  @Override
  public void failed(RuntimeException why) {
    if (AgentCell.isAway(why)) {
      tools.later().run(FOLLOW_AGAIN, this::followAgain);
    } else {
      known.completeExceptionally(why);
      end(why);
    }
  }

  private void followAgain() {
    synchronized (this) {
      if (over) {
        return;
      }
      follow = null;
    }
    open();
  }

  // ---- the body

  /** A body is here; what its predecessor left open is closed first. */
  synchronized void bodyCame(BodyLink came) {
    if (over) {
      came.end(SessionRefusals.staleHome(term.agentId(), term.epoch()));
      return;
    }
    BodyLedger last = ledger;
    boolean same = last != null && last.body() == came.body();
    if (last != null && (came.body() < last.body() || (same && concluded))) {
      came.end(SessionRefusals.staleBody(came.body(), Math.max(last.body(), agent.getBody())));
      return;
    }
    if (!same) {
      conclude();
      ledger = new BodyLedger(came.body());
      errands = errands();
      concluded = false;
    } else if (link != null) {
      link.end(SessionRefusals.silent("an earlier stream of this body"));
    }
    goodbye = false;
    link = came;
    LOG.infof("body came to its home: agentId=%s body=%d", term.agentId(), came.body());
    came.welcome(ledger == null ? 0 : ledger.received());
    if (agent.getState() == AgentState.AGENT_STATE_HIBERNATING) {
      came.hibernate();
    }
    work.bodyCame(came);
    came.requestNext(true);
    statusChanged();
  }

  /** What the body says. */
  synchronized void frames(BodyLink from, BodyFrames frames) {
    if (from != link || ledger == null) {
      return;
    }
    from.heard(tools.ticker().nanos());
    try {
      for (SessionFrame frame : frames.getFramesList()) {
        BodyFrameRules.check(frame);
        take(ledger, frame, from.oldestFrame());
      }
    } catch (MeshException e) {
      LOG.warnf("a body breaks its contract: agentId=%s error=%s", term.agentId(), e.getMessage());
      from.end(e);
      bodyGone(from, false);
      return;
    }
    from.ack(errands.doneThrough(ledger.received()));
    from.requestNext(!errands.many());
    flush();
    drainAll();
  }

  private void take(BodyLedger of, SessionFrame frame, long oldest) {
    BodyLedger.Verdict verdict = of.judge(frame.getNumber(), oldest);
    switch (verdict) {
      case KNOWN -> {}
      case BROKEN ->
          throw SessionRefusals.frame(frame.getNumber(), "number " + (of.received() + 1));
      case FRESH, AFTER_LOSS -> {
        tools.meter().frame();
        Place place = new Place(of.body(), frame.getNumber());
        boolean first = ring.newest().equals(Place.START) && !place.equals(new Place(1, 1));
        keep(
            place,
            NumberedFrame.newBuilder().setBody(of.body()).setFrame(frame).build(),
            first || verdict == BodyLedger.Verdict.AFTER_LOSS);
        work.note(of, frame, errands);
      }
    }
  }

  private void keep(Place place, NumberedFrame frame, boolean afterLoss) {
    long before = ring.bytes();
    ring.add(place, frame, frame.getSerializedSize() + OVERHEAD_BYTES, afterLoss);
    tools.meter().ringGrew(ring.bytes() - before);
    activeAt = tools.ticker().nanos();
  }

  /** The placer has noted something: the body may forget more. */
  private void noted() {
    if (link != null && ledger != null) {
      link.ack(errands.doneThrough(ledger.received()));
      if (!errands.many()) {
        link.requestOwed();
      }
      flush();
    }
  }

  /**
   * The body's stream is over.
   *
   * @param farewell whether the body ended it well
   */
  synchronized void bodyGone(BodyLink gone, boolean farewell) {
    gone.ended(farewell);
    if (gone != link) {
      return;
    }
    link = null;
    goodbye = farewell;
    work.bodyGone();
    if (ledger != null && !concluded && isBodyOver(ledger.body())) {
      conclude();
    }
    statusChanged();
  }

  synchronized void bodyReady() {
    flush();
  }

  @Nullable BodyLink link() {
    return link;
  }

  Agent agent() {
    return agent;
  }

  void flush() {
    work.flush(link);
  }

  // ---- the clients

  /** A client is here. Fails it with CURSOR_INVALID if its cursor can't be one of this session. */
  synchronized void clientCame(ClientLink client) {
    if (over) {
      client.end(SessionRefusals.staleHome(term.agentId(), term.epoch()));
      return;
    }
    if (client.hello().hasCursor() && fromTheFuture(ClientLink.place(client.hello().getCursor()))) {
      client.end(
          SessionRefusals.cursor(
              ClientLink.place(client.hello().getCursor()).text(), "one that was given out"));
      return;
    }
    client.begin(ring);
    activeAt = tools.ticker().nanos();
    seats.enter(client, client.hello().getViewer());
    if (seats.writes(client)) {
      work.wake(client.hello().getPrincipal());
    }
    statusChanged();
    client.requestNext();
  }

  /** As far as this home can tell: what went over an earlier one it does not know. */
  private boolean fromTheFuture(Place cursor) {
    if (cursor.body() > agent.getBody()) {
      return true;
    }
    boolean present = ledger != null && ledger.body() == cursor.body();
    return present && ledger != null && ledger.whole() && ring.newest().isBefore(cursor);
  }

  synchronized void clientGone(ClientLink client) {
    client.gone();
    seats.leave(client);
    activeAt = tools.ticker().nanos();
    statusChanged();
  }

  synchronized void clientReady(ClientLink client) {
    drain(client);
  }

  Seats<ClientLink> seats() {
    return seats;
  }

  BodyWork work() {
    return work;
  }

  void statusChanged() {
    seats.clients().forEach(ClientLink::statusDue);
    drainAll();
  }

  void drainAll() {
    for (ClientLink client : seats.clients()) {
      drain(client);
    }
  }

  void drain(ClientLink client) {
    boolean all = client.drain(ring, () -> status(client), tools.meter(), tools.ticker().nanos());
    if (all && AgentForwarder.isOver(agent) && link == null) {
      client.complete();
    }
  }

  private SessionStatus status(ClientLink client) {
    return SessionStatus.newBuilder()
        .setAgent(agent)
        .setWriter(seats.writes(client))
        .setViewers(seats.viewers())
        .setConnected(link != null)
        .build();
  }

  // ---- its life

  synchronized void tick(long now) {
    BodyLink present = link;
    if (present != null && present.silent(now)) {
      present.end(SessionRefusals.silent("body"));
      bodyGone(present, false);
    } else if (present != null) {
      present.tick(now);
    }
    seats.clients().forEach(client -> client.tick(now));
  }

  /** Whether nobody is here, and since when nothing happened. */
  synchronized boolean idle() {
    return link == null && seats.isEmpty();
  }

  synchronized long activeAt() {
    return activeAt;
  }

  synchronized long ringBytes() {
    return ring.bytes();
  }

  /** Makes room for others. */
  synchronized void shrink(long most) {
    long before = ring.bytes();
    ring.shrink(most);
    tools.meter().ringGrew(ring.bytes() - before);
    drainAll();
  }

  /** Whether the agent is over and nobody is here to be told. */
  synchronized boolean spent() {
    return AgentForwarder.isOver(agent) && link == null && seats.isEmpty();
  }

  /** This is no home any more, or is to end. */
  void end(Throwable why) {
    OpenStream source;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      source = follow;
      errands.drop();
      if (link != null) {
        link.end(why);
        link = null;
      }
      seats.clients().forEach(client -> client.end(why));
      tools.meter().ringGrew(-ring.bytes());
    }
    known.completeExceptionally(why);
    if (source != null) {
      source.cancel();
    }
    forgotten.run();
  }
}
