package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.BodyLedger;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.forward.AgentChecks;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionFrame;
import java.time.Duration;
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
  private final BodyNotes notes;
  private final BodyHistory history = new BodyHistory();
  private final BodyClosing closing;
  private final BodyAcks acks;
  private @Nullable BodyLink link;
  private boolean goodbye;

  BodySeat(AgentHome home, HomeTools tools) {
    this.home = home;
    this.tools = tools;
    this.work = new BodyWork(home, this, tools);
    this.notes = new BodyNotes(this, home, tools.cell());
    this.closing = new BodyClosing(home, tools);
    this.acks = new BodyAcks(home, tools, this::acksMoved);
  }

  BodyWork work() {
    return work;
  }

  BodyHistory history() {
    return history;
  }

  /** The stream of the body that is here; null while none is. */
  @Nullable BodyLink link() {
    return link;
  }

  /** A body is here; what its predecessor left open is closed first. */
  void came(BodyLink came) {
    if (history.hasConcluded(came.body())) {
      came.end(
          SessionRefusals.staleBody(came.body(), Math.max(history.body(), home.agent().getBody())));
      return;
    }
    @Nullable BodyLedger last = history.last();
    boolean same = last != null && last.body() == came.body();
    if (!same) {
      conclude();
    }
    if (closing.asking()) {
      closing.hold(came);
      return;
    }
    BodyLedger its = last == null || !same ? follow(came.body()) : last;
    if (link != null) {
      link.end(SessionRefusals.silent("an earlier stream of this body"));
    }
    its.offers(came.oldestFrame());
    came.newestFrame().ifPresent(its::made);
    home.audience().recheck(place -> history.isAhead(place, home.agent()));
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
    home.audience().bodyCame(came);
  }

  /** From here on it is another body, of which nothing has come yet. */
  private BodyLedger follow(int body) {
    acks.follow();
    goodbye = false;
    return history.follow(body);
  }

  /** One of its commands has ended. */
  void commandEnded(String commandId) {
    if (link != null) {
      link.commandEnded(commandId);
    }
  }

  /** What the body says. */
  void frames(BodyLink from, BodyFrames frames) {
    @Nullable BodyLedger ledger = history.last();
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
    from.took(frames.getSerializedSize());
    home.frames().bodyWaits(frames.getWaits());
    acks.tell(from, ledger);
    from.requestNext(acks.takesMore());
    flush();
    work.bodyTold();
    home.audience().drainAll();
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
        notes.note(of, frame, acks.errands());
      }
    }
  }

  /** More is sealed, or noted by the placer: the body may forget more, and send more. */
  void acksMoved() {
    @Nullable BodyLedger ledger = history.last();
    if (link != null && ledger != null) {
      acks.tell(link, ledger);
      if (acks.takesMore()) {
        link.requestOwed(tools.ticker().nanos());
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
    closing.gone(gone);
    if (gone != link) {
      return;
    }
    link = null;
    goodbye = farewell;
    home.frames().bodyWaits(false);
    work.bodyGone();
    if (history.isLeftOpen(home.agent())) {
      conclude();
    }
    home.audience().statusChanged();
  }

  void flush() {
    work.flush(link);
  }

  /** Whether more may come of a body. */
  boolean isOpen() {
    return closing.asking() || history.isOpen();
  }

  void tick(long now) {
    BodyLink present = link;
    if (present != null && present.silent(now)) {
      present.end(SessionRefusals.silent("body"));
      gone(present, false);
    } else if (present != null) {
      present.tick(now);
      acksMoved();
    }
  }

  /** The placer has said how the agent is. */
  void agentChanged() {
    if (link != null && home.agent().getState() == AgentState.AGENT_STATE_HIBERNATING) {
      link.hibernate();
    }
    if (history.isLeftOpen(home.agent())) {
      int body = history.body();
      if (link == null) {
        conclude();
      } else {
        home.later(LAST_FRAMES, () -> concludeLate(body));
      }
    }
    closeMissed();
    work.agentChanged();
    flush();
  }

  /** A body that lived and was over before it reached this home left open what nobody knows. */
  private void closeMissed() {
    int missed = history.missed(home.agent());
    if (missed > 0) {
      conclude();
      if (closing.asking()) {
        return; // Its answer leads back here.
      }
      follow(missed).terminal(true);
      conclude();
    }
    history.await(home.agent());
  }

  /** The agent may have been given this very body again meanwhile, or the home be none any more. */
  private void concludeLate(int body) {
    if (history.body() == body && history.isLeftOpen(home.agent()) && !home.over()) {
      conclude();
      home.audience().statusChanged();
    }
  }

  /** Nothing more comes of the body: says so if it went away in the middle. */
  private void conclude() {
    @Nullable BodyLedger last = history.last();
    if (last == null || history.hasConcluded(last.body())) {
      return;
    }
    history.conclude();
    acks.errands().drop();
    if (link != null) {
      link.end(SessionRefusals.staleBody(last.body(), home.agent().getBody()));
      link = null;
      work.bodyGone();
    }
    if (AgentChecks.isOver(home.agent())) {
      closing.ask(last.open(), lost -> answered(last, lost));
    } else {
      closing.ask(last.body(), lost -> answered(last, lost));
    }
  }

  private void answered(BodyLedger last, List<String> lost) {
    tell(last, lost);
    @Nullable BodyLink next = closing.next();
    if (next != null) {
      next.heard(tools.ticker().nanos());
      came(next);
    }
    closeMissed();
    home.audience().drainAll();
  }

  /** Keeps the frame that says what the body left open, if it did. */
  private void tell(BodyLedger last, List<String> lost) {
    Interruption left = Interruption.of(last, home.agent(), lost, goodbye);
    if (left.any()) {
      Place place = history.lastWord(last, home.frames().ring().sealedThrough());
      boolean afterLoss = place.number() > last.received() + 1;
      home.keep(place, left.frame(place, home.agent(), tools.clock().instant()), afterLoss);
    }
    home.frames().sealing().ended(last.body());
    work.bodyTold();
  }

  /** The home is none any more. */
  void end(Throwable why) {
    acks.errands().drop();
    closing.end(why);
    if (link != null) {
      link.end(why);
      link = null;
    }
  }
}
