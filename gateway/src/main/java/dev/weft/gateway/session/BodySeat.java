package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.BodyLedger;
import dev.weft.gateway.domain.session.CommandEnds;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.forward.AgentForwarder;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionFrame;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The body of an agent at its home: its stream, what has come of it, and what the placer is to know
 * of that. Guarded by its home's lock.
 */
final class BodySeat {

  private static final Logger LOG = Logger.getLogger(BodySeat.class);

  /** A body's last frames may still be on their way when the placer says that it is over. */
  private static final Duration LAST_FRAMES = Duration.ofSeconds(2);

  private final AgentHome home;
  private final HomeTools tools;
  private final BodyWork work;
  private final BodyNotes notes;
  private final CommandEnds ends = new CommandEnds();
  private @Nullable BodyLedger ledger;
  private @Nullable BodyLink link;
  private Errands errands;
  private Place named = Place.START;
  private int awaited;
  private boolean goodbye;
  private boolean concluded;

  BodySeat(AgentHome home, HomeTools tools) {
    this.home = home;
    this.tools = tools;
    this.work = new BodyWork(home, this, tools);
    this.notes = new BodyNotes(this, home.term(), tools.cell());
    this.errands = errands();
  }

  private Errands errands() {
    return new Errands(home, tools.later(), tools.random(), this::noted);
  }

  BodyWork work() {
    return work;
  }

  /** How commands have ended, whether or not the placer has noted it. */
  CommandEnds ends() {
    return ends;
  }

  /** The stream of the body that is here; null while none is. */
  @Nullable BodyLink link() {
    return link;
  }

  // ---- its stream

  /** A body is here; what its predecessor left open is closed first. */
  void came(BodyLink came) {
    BodyLedger last = ledger;
    boolean same = last != null && last.body() == came.body();
    if (last != null && (came.body() < last.body() || (same && concluded))) {
      came.end(SessionRefusals.staleBody(came.body(), Math.max(last.body(), present())));
      return;
    }
    BodyLedger its = last == null || !same ? follow(came.body()) : last;
    if (link != null) {
      link.end(SessionRefusals.silent("an earlier stream of this body"));
    }
    its.offers(came.oldestFrame());
    goodbye = false;
    link = came;
    LOG.infof("body came to its home: agentId=%s body=%d", home.term().agentId(), came.body());
    came.welcome(its.received());
    if (home.agent().getState() == AgentState.AGENT_STATE_HIBERNATING) {
      came.hibernate();
    }
    work.bodyCame(came);
    came.requestNext(true);
    work.bodyTold();
    home.statusChanged();
  }

  /** From here on it is another body, of which nothing has come yet. */
  private BodyLedger follow(int body) {
    conclude();
    BodyLedger fresh = new BodyLedger(body, ends);
    ledger = fresh;
    errands = errands();
    goodbye = false;
    concluded = false;
    return fresh;
  }

  /** The body was given a command. */
  void given(int body, String commandId) {
    if (ledger != null && ledger.body() == body) {
      ledger.given(commandId);
    }
  }

  /** One of its commands has ended. */
  void commandEnded(String commandId) {
    if (link != null) {
      link.commandEnded(commandId);
    }
  }

  /** A client has been told frames up to this place. */
  void named(Place cursor) {
    named = named.isBefore(cursor) ? cursor : named;
  }

  private int present() {
    return home.agent().getBody();
  }

  /** What the body says. */
  void frames(BodyLink from, BodyFrames frames) {
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
      LOG.warnf(
          "a body breaks its contract: agentId=%s error=%s", home.term().agentId(), e.getMessage());
      from.end(e);
      gone(from, false);
      return;
    }
    from.ack(errands.doneThrough(ledger.received()));
    from.requestNext(!errands.many());
    flush();
    work.bodyTold();
    home.drainAll();
  }

  private void take(BodyLedger of, SessionFrame frame, long oldest) {
    BodyLedger.Verdict verdict = of.judge(frame.getNumber(), oldest);
    switch (verdict) {
      case KNOWN -> {}
      case BROKEN ->
          throw SessionRefusals.frame(frame.getNumber(), "number " + (of.received() + 1));
      case FRESH, AFTER_LOSS -> {
        tools.meter().frame();
        NumberedFrame numbered =
            NumberedFrame.newBuilder().setBody(of.body()).setFrame(frame).build();
        Place place = new Place(of.body(), frame.getNumber());
        home.keep(place, numbered, verdict == BodyLedger.Verdict.AFTER_LOSS);
        notes.note(of, frame, errands);
      }
    }
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
  void gone(BodyLink gone, boolean farewell) {
    gone.ended(farewell);
    if (gone != link) {
      return;
    }
    link = null;
    goodbye = farewell;
    work.bodyGone();
    if (ledger != null && !concluded && isOver(ledger.body())) {
      conclude();
    }
    home.statusChanged();
  }

  void flush() {
    work.flush(link);
  }

  void tick(long now) {
    BodyLink present = link;
    if (present != null && present.silent(now)) {
      present.end(SessionRefusals.silent("body"));
      gone(present, false);
    } else if (present != null) {
      present.tick(now);
    }
  }

  // ---- its end

  /** The placer has said how the agent is. */
  void agentChanged() {
    if (link != null && home.agent().getState() == AgentState.AGENT_STATE_HIBERNATING) {
      link.hibernate();
    }
    if (ledger != null && !concluded && isOver(ledger.body())) {
      int body = ledger.body();
      if (link == null) {
        conclude();
      } else {
        tools.later().run(LAST_FRAMES, () -> concludeLate(body));
      }
    }
    awaitBody();
    work.agentChanged();
    flush();
  }

  /** A body that lived and was over before it reached this home left open what nobody knows. */
  private void awaitBody() {
    Agent agent = home.agent();
    boolean came = ledger != null && ledger.body() >= awaited;
    if (awaited > 0 && !came && isOver(awaited)) {
      follow(awaited).terminal(true);
      conclude();
    }
    if (agent.getState() == AgentState.AGENT_STATE_RUNNING
        || agent.getState() == AgentState.AGENT_STATE_HIBERNATING) {
      awaited = agent.getBody();
    }
  }

  private boolean isOver(int body) {
    return isOver(home.agent(), body);
  }

  /** Whether the placer's word is that this body of the agent is over. */
  static boolean isOver(Agent agent, int body) {
    return agent.getBody() > body
        || agent.getState() == AgentState.AGENT_STATE_HIBERNATED
        || AgentForwarder.isOver(agent);
  }

  private void concludeLate(int body) {
    synchronized (home) {
      // The agent may have been given this very body again meanwhile, or the home be none any more.
      if (ledger != null && ledger.body() == body && isOver(body) && !home.over()) {
        conclude();
        home.statusChanged();
      }
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
      link.end(SessionRefusals.staleBody(last.body(), present()));
      link = null;
      work.bodyGone();
    }
    Interruption left = Interruption.of(last, home.agent(), goodbye);
    if (left.any()) {
      Place next = last.next();
      boolean seenMore = named.body() == next.body() && next.isBefore(named.next());
      Place place = seenMore ? named.next() : next;
      boolean afterLoss = place.number() > last.received() + 1;
      home.keep(place, left.frame(place, home.agent(), tools.clock().instant()), afterLoss);
    }
    work.bodyTold();
  }

  /** Whether a cursor names a frame that this body has not made. */
  boolean isAhead(Place cursor, Place newest) {
    return ledger != null
        && ledger.body() == cursor.body()
        && ledger.whole()
        && newest.isBefore(cursor);
  }

  /** Whether nothing more comes of a body that the agent has had. */
  boolean hasConcluded(int body) {
    return ledger != null && (ledger.body() > body || (ledger.body() == body && concluded));
  }

  /** Whether a client was told frames of a body that have not come here and are not noted. */
  boolean mayNotKnow(int body, Place cursor) {
    boolean known = ledger != null && ledger.body() == body && cursor.isBefore(ledger.next());
    return cursor.body() == body && !known && !hasConcluded(body);
  }

  /** The home is none any more. */
  void end(Throwable why) {
    errands.drop();
    if (link != null) {
      link.end(why);
      link = null;
    }
  }
}
