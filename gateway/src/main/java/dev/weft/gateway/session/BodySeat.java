package dev.weft.gateway.session;

import com.google.protobuf.Timestamp;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.session.BodyLedger;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.forward.AgentForwarder;
import dev.weft.gateway.forward.Problems;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.Interrupted;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionFrame;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
  private @Nullable BodyLedger ledger;
  private @Nullable BodyLink link;
  private Errands errands;
  private boolean goodbye;
  private boolean concluded;

  BodySeat(AgentHome home, HomeTools tools) {
    this.home = home;
    this.tools = tools;
    this.work = new BodyWork(home, this, tools);
    this.errands = errands();
  }

  private Errands errands() {
    return new Errands(home, tools.later(), tools.random(), this::noted);
  }

  BodyWork work() {
    return work;
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
    LOG.infof("body came to its home: agentId=%s body=%d", home.term().agentId(), came.body());
    came.welcome(ledger == null ? 0 : ledger.received());
    if (home.agent().getState() == AgentState.AGENT_STATE_HIBERNATING) {
      came.hibernate();
    }
    work.bodyCame(came);
    came.requestNext(true);
    home.statusChanged();
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
        work.note(of, frame, errands);
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
    work.agentChanged();
    flush();
  }

  private boolean isOver(int body) {
    Agent agent = home.agent();
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
    List<String> running = last.running();
    if (!running.isEmpty() && !goodbye) {
      Place place = last.newest().next();
      home.keep(place, interrupted(place, running), false);
    }
  }

  private NumberedFrame interrupted(Place place, List<String> running) {
    Agent agent = home.agent();
    Instant now = tools.clock().instant();
    Interrupted.Builder frame =
        Interrupted.newBuilder()
            .setNumber(place.number())
            .setAt(Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
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
                GatewayReason.BODY_LOST, "body: " + body + ", lost (expected: to end its commands)")
            .with("body", body));
  }

  /** Whether a cursor names a frame that this body has not made. */
  boolean isAhead(Place cursor, Place newest) {
    return ledger != null
        && ledger.body() == cursor.body()
        && ledger.whole()
        && newest.isBefore(cursor);
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
