package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.domain.session.RingCuts;
import dev.weft.gateway.forward.AgentChecks;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.FollowAgentResponse;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * One agent whose home this gateway is: what its bodies have said, kept in a ring; who watches and
 * writes; the placer's word on it. Everything of it happens under its lock, and nothing blocks.
 */
final class AgentHome {

  private final HomeTerm term;
  private final HomeTools tools;
  private final Runnable forgotten;
  private final HomeFrames frames;
  private final Audience audience;
  private final BodySeat body;
  private final AgentFollow follow;
  private final Beginning beginning;
  private Agent agent = Agent.getDefaultInstance();
  private boolean over;
  private long activeAt;

  /**
   * @param limits of the frames that are kept in memory
   * @param forgotten run when this home is no home any more
   */
  AgentHome(HomeTerm term, HomeTools tools, SessionHub.Limits limits, Runnable forgotten) {
    this.term = term;
    this.tools = tools;
    this.forgotten = forgotten;
    this.beginning = new Beginning(this, tools);
    this.frames = new HomeFrames(this, tools, limits);
    this.audience = new Audience(this, tools, frames);
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

  Audience audience() {
    return audience;
  }

  HomeFrames frames() {
    return frames;
  }

  /** Whether the body's stream is here; under the lock. */
  boolean hasBody() {
    return body.link() != null;
  }

  /** Goes on under the lock when a call is answered. */
  <T> void whenAnswered(CompletionStage<T> call, BiConsumer<? super T, ? super Throwable> next) {
    call.whenComplete(
        (answer, failure) -> {
          synchronized (this) {
            next.accept(answer, failure);
          }
        });
  }

  /** Goes on under the lock after a while. */
  void later(Duration delay, Runnable next) {
    tools
        .later()
        .run(
            delay,
            () -> {
              synchronized (this) {
                next.run();
              }
            });
  }

  Beginning beginning() {
    return beginning;
  }

  // ---- the placer's word

  /** Begins to follow the agent. */
  void open() {
    synchronized (this) {
      frames.sealing().open();
    }
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
        audience.statusChanged();
      }
    }
    if (moved) {
      end(SessionRefusals.staleHome(term.agentId(), step.getHome().getEpoch()));
    } else {
      beginning.learned(step.getAgent());
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

  synchronized void frames(BodyLink from, BodyFrames came) {
    body.frames(from, came);
    if (from.equals(body.link())) {
      audience.heard(from.body(), came);
    }
  }

  /** More of what bodies said is sealed; under the lock. */
  void sealedMoved() {
    body.acksMoved();
    audience.drainAll();
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

  /** Keeps a frame. */
  void keep(Place place, NumberedFrame frame, boolean afterLoss) {
    frames.keep(place, frame, afterLoss);
    activeAt = tools.ticker().nanos();
  }

  // ---- the clients

  /** A client is here. */
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
    client.check(place -> body.history().isAhead(place, agent));
    body.history().named(client.cursor());
    activeAt = tools.ticker().nanos();
    audience.enter(client);
    if (audience.writes(client)) {
      body.work().wake(hello.getPrincipal());
    }
    audience.statusChanged();
    client.requestNext();
  }

  synchronized void clientFrame(ClientLink client, ClientFrame frame) {
    if (!client.over()) {
      body.work().accept(client, frame);
    }
  }

  synchronized void passedOn(ClientLink client, long bytes) {
    client.read(bytes);
    client.requestNext();
    audience.drain(client);
  }

  synchronized void clientGone(ClientLink client) {
    client.gone();
    activeAt = tools.ticker().nanos();
    audience.leave(client);
  }

  synchronized void clientReady(ClientLink client) {
    audience.drain(client);
  }

  // ---- its life

  synchronized void tick(long now) {
    if (!over) {
      body.tick(now);
      frames.sealing().tick();
      audience.tick(now);
      if (agentIsOver() && !hasBody() && !body.isOpen()) {
        frames.sealing().over();
      }
    }
  }

  /** Whether nobody is here. */
  synchronized boolean idle() {
    return !hasBody() && audience.isEmpty();
  }

  /** What its ring takes. */
  synchronized RingCuts.Ring<AgentHome> ring() {
    return new RingCuts.Ring<>(this, term.tenant(), idle(), activeAt, frames.ring().bytes());
  }

  /** Makes room for others. */
  synchronized void shrink(long most) {
    if (!over) {
      frames.shrink(most);
    }
  }

  /** Whether the agent is over, all of it is sealed, and nobody is here to be told. */
  synchronized boolean spent() {
    return agentIsOver() && idle() && !body.isOpen() && frames.sealing().isDone();
  }

  /** Whether the placer's word is that the agent is over. */
  synchronized boolean agentIsOver() {
    return AgentChecks.isOver(agent);
  }

  /** Whether the agent sleeps, all of it is sealed, and nobody has been here for so long. */
  synchronized boolean rests(long now, Duration atLeast) {
    return agent.getState() == AgentState.AGENT_STATE_HIBERNATED
        && idle()
        && frames.sealing().isDone()
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
      audience.end(why);
      frames.clear();
    }
    beginning.end(why);
    follow.cancel();
    forgotten.run();
  }
}
