package dev.weft.gateway.session;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.weft.gateway.domain.session.Idleness;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.domain.session.SealedPage;
import dev.weft.gateway.domain.session.Seats;
import dev.weft.gateway.forward.AgentChecks;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentIdle;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.IdleAgent;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The clients of a session at its home: who is here, who writes, and what each of them has not been
 * told yet. Guarded by its home's lock.
 */
final class Audience {

  private final AgentHome home;
  private final HomeTools tools;
  private final HomeFrames frames;
  private final Seats<ClientLink> seats = new Seats<>();
  private int leaving;
  private Timestamp movesAt = Timestamp.getDefaultInstance();
  private final Idleness idleness = new Idleness();

  /**
   * @param frames that they are told
   */
  Audience(AgentHome home, HomeTools tools, HomeFrames frames) {
    this.home = home;
    this.tools = tools;
    this.frames = frames;
  }

  /** Whether nobody is here. */
  boolean isEmpty() {
    return seats.isEmpty();
  }

  /** How many are here. */
  int size() {
    synchronized (home) {
      return seats.size();
    }
  }

  boolean writes(ClientLink client) {
    return seats.writes(client);
  }

  /** Lets a client in, who is told the session from its cursor on. */
  void enter(ClientLink client) {
    seats.enter(client, client.hello().getViewer());
  }

  /** It is known better by now how far the session has come. */
  void recheck(Predicate<Place> isAhead) {
    seats.clients().forEach(client -> client.check(isAhead));
  }

  void leave(ClientLink client) {
    seats.leave(client);
    statusChanged();
  }

  /**
   * Makes a client the writer.
   *
   * @return false if it only watches
   */
  boolean takeOver(ClientLink client) {
    boolean may = seats.takeOver(client);
    if (may) {
      statusChanged();
    }
    return may;
  }

  /** Everybody is to be told how the agent is. */
  void statusChanged() {
    seats.clients().forEach(ClientLink::statusDue);
    drainAll();
  }

  /** Tells everybody what is new, as far as they read. */
  void drainAll() {
    seats.clients().forEach(this::drain);
  }

  void drain(ClientLink client) {
    boolean all = client.drain(frames, () -> status(client), tools.meter(), tools.ticker().nanos());
    if (all && home.agentIsOver() && !home.hasBody()) {
      client.complete();
    }
    client.wish(frames).ifPresent(wish -> read(client, wish));
  }

  /** What a client lacks is in the log: a page of it goes on to the client at once. */
  private void read(ClientLink client, ClientLink.Wish wish) {
    client.reads();
    tools.frames().pages().take(home, () -> turn(client, wish));
  }

  private LogTurns.UnderWay turn(ClientLink client, ClientLink.Wish wish) {
    if (home.over() || client.over()) {
      return LogTurns.UnderWay.NOTHING;
    }
    CompletionStage<SealedPage<NumberedFrame>> page = frames.read(wish.at(), wish.bytes());
    home.whenAnswered(page, (its, failure) -> came(client, wish, its, failure));
    return new LogTurns.UnderWay(wish.bytes(), page);
  }

  private void came(
      ClientLink client,
      ClientLink.Wish wish,
      SealedPage<NumberedFrame> page,
      @Nullable Throwable failure) {
    if (home.over() || client.over()) {
      return;
    }
    if (failure == null) {
      client.turn(page, wish, tools.meter(), tools.ticker().nanos());
      drain(client);
    } else {
      home.later(Errands.AGAIN.delay(client.readFailed(), tools.random()), () -> again(client));
    }
  }

  private void again(ClientLink client) {
    if (!home.over() && !client.over()) {
      client.mayRead();
      drain(client);
    }
  }

  /**
   * A body is here; that it is to leave its worker it may have told a home that is none any more.
   */
  void bodyCame(BodyLink body) {
    body.movesAt().ifPresent(until -> leaves(body.body(), until));
    statusChanged();
  }

  /** A body is to leave its worker; it counts as long as that body is here. */
  void moves(int body, Timestamp until) {
    leaves(body, until);
    statusChanged();
  }

  private void leaves(int body, Timestamp until) {
    leaving = body;
    movesAt = until;
  }

  /** The body that is here says, with whatever it says, how long it is idle. */
  void heard(int body, BodyFrames frames) {
    // A body may say anything, also what no duration holds.
    long seconds = Math.clamp(frames.getIdleFor().getSeconds(), 0, Idleness.LONGEST.toSeconds());
    Duration idleFor = Duration.ofSeconds(seconds, frames.getIdleFor().getNanos());
    if (idleness.heard(body, idleFor, tools.clock().instant())) {
      statusChanged();
    }
  }

  /** What the placer is to know of an idle agent; empty of any other. */
  Optional<IdleAgent> idleAgent() {
    synchronized (home) {
      IdleAgent.Builder its =
          IdleAgent.newBuilder().setAgentId(home.term().agentId()).setBody(home.agent().getBody());
      return idle().map(idle -> its.setIdle(idle).build());
    }
  }

  private Optional<AgentIdle> idle() {
    Agent agent = home.agent();
    return home.hasBody() && agent.getState() == AgentState.AGENT_STATE_RUNNING
        ? idleness.since(agent.getBody()).map(since -> idle(agent, since))
        : Optional.empty();
  }

  private static AgentIdle idle(Agent agent, Instant since) {
    Timestamp from = Timestamps.fromMillis(since.toEpochMilli());
    return AgentIdle.newBuilder()
        .setSince(from)
        .setHibernatesAt(Timestamps.add(from, AgentChecks.idleTimeout(agent)))
        .build();
  }

  private SessionStatus status(ClientLink client) {
    SessionStatus.Builder status =
        SessionStatus.newBuilder()
            .setAgent(agentNow())
            .setWriter(seats.writes(client))
            .setViewers(seats.viewers())
            .setConnected(home.hasBody())
            .setHeld(frames.held());
    if (home.hasBody() && home.agent().getBody() == leaving) {
      status.setMovesAt(movesAt);
    }
    return status.build();
  }

  private Agent agentNow() {
    Agent.Builder agent = home.agent().toBuilder().clearIdle();
    if (agent.hasCost()) {
      agent.setCost(CostNow.of(agent.getCost(), tools.clock().instant()));
    }
    idle().ifPresent(agent::setIdle);
    return agent.build();
  }

  void tick(long now) {
    seats.clients().forEach(client -> client.tick(now));
  }

  /** Sends everybody away. */
  void end(Throwable why) {
    seats.clients().forEach(client -> client.end(why));
  }
}
