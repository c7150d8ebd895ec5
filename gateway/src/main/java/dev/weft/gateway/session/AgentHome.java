package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.FrameRing;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.domain.session.RingCuts;
import dev.weft.gateway.domain.session.Seats;
import dev.weft.gateway.forward.AgentForwarder;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.FollowAgentResponse;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One agent whose home this gateway is: what its bodies have said, kept in a ring; who watches and
 * writes; the placer's word on it. Everything of it happens under its lock, and nothing blocks.
 */
final class AgentHome {

  private static final int OVERHEAD_BYTES = 64;
  private static final Place FIRST = new Place(1, 1);

  private final HomeTerm term;
  private final HomeTools tools;
  private final Runnable forgotten;
  private final FrameRing<NumberedFrame> ring;
  private final Seats<ClientLink> seats = new Seats<>();
  private final BodySeat body;
  private final AgentFollow follow;
  private final CompletableFuture<Void> known = new CompletableFuture<>();
  private Agent agent = Agent.getDefaultInstance();
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
    this.body = new BodySeat(this, tools);
    this.follow = new AgentFollow(this, tools);
    this.activeAt = tools.ticker().nanos();
  }

  HomeTerm term() {
    return term;
  }

  /** The agent as the placer last said; under the lock. */
  Agent agent() {
    return agent;
  }

  /** Whether this is no home any more; under the lock. */
  boolean over() {
    return over;
  }

  Seats<ClientLink> seats() {
    return seats;
  }

  /** Completes when the placer has said how the agent is. */
  CompletionStage<Void> known() {
    return known;
  }

  // ---- the placer's word

  /** Begins to follow the agent. */
  void open() {
    follow.open();
  }

  /**
   * The placer has said how the agent is.
   *
   * @return whether this is its home still
   */
  boolean learned(FollowAgentResponse step) {
    boolean moved;
    synchronized (this) {
      if (over) {
        return false;
      }
      moved = step.getHome().getEpoch() > term.epoch();
      if (!moved) {
        agent = step.getAgent();
        body.agentChanged();
        statusChanged();
      }
    }
    if (moved) {
      end(SessionRefusals.staleHome(term.agentId(), step.getHome().getEpoch()));
    } else {
      known.complete(null);
    }
    return !moved;
  }

  // ---- the body

  synchronized void bodyCame(BodyLink came) {
    if (came.over()) {
      return;
    }
    if (over) {
      came.end(SessionRefusals.staleHome(term.agentId(), term.epoch()));
    } else {
      body.came(came);
    }
  }

  synchronized void frames(BodyLink from, BodyFrames frames) {
    body.frames(from, frames);
  }

  /** The body's stream was ended by the body, or by its network. */
  synchronized void bodyGone(BodyLink gone, boolean farewell) {
    body.gone(gone, farewell);
  }

  /** The body has broken its contract. */
  synchronized void bodyRefused(BodyLink refused, Throwable why) {
    refused.end(why);
    body.gone(refused, false);
  }

  synchronized void bodyReady() {
    body.flush();
  }

  /** Keeps a frame; the first of a home that is new may have had others before it. */
  void keep(Place place, NumberedFrame frame, boolean afterLoss) {
    boolean first = ring.newest().equals(Place.START) && !place.equals(FIRST);
    long before = ring.bytes();
    ring.add(place, frame, frame.getSerializedSize() + OVERHEAD_BYTES, first || afterLoss);
    tools.meter().ringGrew(ring.bytes() - before);
    activeAt = tools.ticker().nanos();
  }

  // ---- the clients

  /** A client is here. Ends it with CURSOR_INVALID if its cursor can't be one of this session. */
  synchronized void clientCame(ClientLink client) {
    AttachHello hello = client.hello();
    if (client.over()) {
      // It went while its home was looked for.
      return;
    }
    if (over) {
      client.end(SessionRefusals.staleHome(term.agentId(), term.epoch()));
      return;
    }
    if (hello.hasCursor() && fromTheFuture(ClientLink.place(hello.getCursor()))) {
      String text = ClientLink.place(hello.getCursor()).text();
      client.end(SessionRefusals.cursor(text, "one that was given out"));
      return;
    }
    body.named(ClientLink.place(hello.getCursor()));
    client.begin(ring);
    activeAt = tools.ticker().nanos();
    seats.enter(client, hello.getViewer());
    if (seats.writes(client)) {
      body.work().wake(hello.getPrincipal());
    }
    statusChanged();
    client.requestNext();
  }

  /** As far as this home can tell: what went over an earlier one it does not know. */
  private boolean fromTheFuture(Place cursor) {
    return cursor.body() > agent.getBody() || body.isAhead(cursor, ring.newest());
  }

  synchronized void said(ClientLink client, ClientFrame frame) {
    if (!client.over()) {
      body.work().said(client, frame);
    }
  }

  synchronized void passedOn(ClientLink client, long bytes) {
    client.read(bytes);
    client.requestNext();
    drain(client);
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

  void statusChanged() {
    seats.clients().forEach(ClientLink::statusDue);
    drainAll();
  }

  void drainAll() {
    seats.clients().forEach(this::drain);
  }

  void drain(ClientLink client) {
    boolean all = client.drain(ring, () -> status(client), tools.meter(), tools.ticker().nanos());
    if (all && AgentForwarder.isOver(agent) && body.link() == null) {
      client.complete();
    }
  }

  private SessionStatus status(ClientLink client) {
    return SessionStatus.newBuilder()
        .setAgent(agent)
        .setWriter(seats.writes(client))
        .setViewers(seats.viewers())
        .setConnected(body.link() != null)
        .build();
  }

  // ---- its life

  synchronized void tick(long now) {
    if (!over) {
      body.tick(now);
      seats.clients().forEach(client -> client.tick(now));
    }
  }

  /** Whether nobody is here. */
  synchronized boolean idle() {
    return body.link() == null && seats.isEmpty();
  }

  /** What its ring takes. */
  synchronized RingCuts.Ring<AgentHome> ring() {
    return new RingCuts.Ring<>(this, term.tenant(), idle(), activeAt, ring.bytes());
  }

  /** Makes room for others. */
  synchronized void shrink(long most) {
    if (over) {
      return;
    }
    long before = ring.bytes();
    ring.shrink(most);
    tools.meter().ringGrew(ring.bytes() - before);
    drainAll();
  }

  /** Whether the agent is over and nobody is here to be told. */
  synchronized boolean spent() {
    return AgentForwarder.isOver(agent) && idle();
  }

  /** Whether the agent sleeps and nobody has been here for so long. */
  synchronized boolean rests(long now, Duration atLeast) {
    return agent.getState() == AgentState.AGENT_STATE_HIBERNATED
        && idle()
        && now - activeAt >= atLeast.toNanos();
  }

  /** This is no home any more, or is to end. */
  void end(Throwable why) {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      body.end(why);
      seats.clients().forEach(client -> client.end(why));
      tools.meter().ringGrew(-ring.bytes());
      ring.shrink(0);
    }
    known.completeExceptionally(why);
    follow.cancel();
    forgotten.run();
  }
}
