package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.BodyLedger;
import dev.weft.gateway.domain.session.CommandEnds;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.forward.AgentChecks;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a home knows of its agent's bodies: what has come of the last one, whether more may come of
 * it, how commands have ended. Guarded by its home's lock.
 */
final class BodyHistory {

  private final CommandEnds ends = new CommandEnds();
  private @Nullable BodyLedger last;
  private Place named = Place.START;
  private int awaited;
  private boolean concluded;

  /** What has come of the last body; null before there was one. */
  @Nullable BodyLedger last() {
    return last;
  }

  /** The last body's number; 0 before there was one. */
  int body() {
    return last == null ? 0 : last.body();
  }

  /** How commands have ended, whether or not the placer has noted it. */
  CommandEnds ends() {
    return ends;
  }

  /** From here on it is another body, of which nothing has come yet. */
  BodyLedger follow(int body) {
    BodyLedger fresh = new BodyLedger(body, ends);
    last = fresh;
    concluded = false;
    return fresh;
  }

  /** The body was given a command. */
  void given(int body, String commandId) {
    if (last != null && last.body() == body) {
      last.given(commandId);
    }
  }

  /** A client has been told frames up to this place. */
  void named(Place cursor) {
    named = named.isBefore(cursor) ? cursor : named;
  }

  /** Nothing more comes of the last body. */
  void conclude() {
    concluded = true;
  }

  /** Whether nothing more comes of a body that the agent has had. */
  boolean hasConcluded(int body) {
    return body() > body || (body() == body && concluded);
  }

  /** Whether the last body is over by the placer's word, and not concluded. */
  boolean isLeftOpen(Agent agent) {
    return last != null && !concluded && isOver(agent, last.body());
  }

  /**
   * A body that lived, was over before it reached this home, and left open what nobody knows; 0 is
   * none.
   */
  int missed(Agent agent) {
    return awaited > body() && isOver(agent, awaited) ? awaited : 0;
  }

  /** The placer has said how the agent is: a body that lives will come. */
  void await(Agent agent) {
    if (agent.getState() == AgentState.AGENT_STATE_RUNNING
        || agent.getState() == AgentState.AGENT_STATE_HIBERNATING) {
      awaited = agent.getBody();
    }
  }

  /** Whether the placer's word is that this body of the agent is over. */
  static boolean isOver(Agent agent, int body) {
    return agent.getBody() > body
        || agent.getState() == AgentState.AGENT_STATE_HIBERNATED
        || AgentChecks.isOver(agent);
  }

  /**
   * Where the last word on a body goes: after all of it that is sealed, and all that any client has
   * been told.
   */
  Place lastWord(BodyLedger body, Place sealed) {
    Place last = body.next().before();
    for (Place other : List.of(named, sealed)) {
      last = other.body() == last.body() && last.isBefore(other) ? other : last;
    }
    return last.next();
  }

  /** Whether more may come of the last body. */
  boolean isOpen() {
    return last != null && !concluded;
  }

  /**
   * Whether a cursor names a frame that no body has made, as far as this home can tell: of a body
   * that has not come here it does not know.
   */
  boolean isAhead(Place cursor, Agent agent) {
    boolean past = last != null && last.body() == cursor.body() && last.hasNotMade(cursor.number());
    return past || cursor.body() > Math.max(body(), agent.getBody());
  }

  /** Whether a client was told frames of a body that have not come here and are not noted. */
  boolean mayNotKnow(int body, Place cursor) {
    boolean known = last != null && last.body() == body && cursor.isBefore(last.next());
    return cursor.body() == body && !known && !hasConcluded(body);
  }
}
