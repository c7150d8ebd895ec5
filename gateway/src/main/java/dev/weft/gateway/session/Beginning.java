package dev.weft.gateway.session;

import com.google.protobuf.util.Timestamps;
import dev.weft.gateway.domain.session.KeptFrame;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.domain.session.SealedPage;
import dev.weft.gateway.domain.session.SealedState;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionFrame;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * When a home lets others in: when the placer has said how its agent is, and the session of a fork
 * begins with what its source's terminal showed last before the fork ({@link ScrollBack}). That
 * goes into a log in which nothing is yet, so it is there once, whoever becomes the home; without
 * the log, a fork begins with nothing. Guarded by its home's lock.
 */
final class Beginning {

  /** Others are not kept waiting for longer. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Of the source's log at a time; what commands wrote stands in between. */
  private static final int PAGE = 1 << 20;

  private final AgentHome home;
  private final HomeTools tools;
  private final CompletableFuture<Void> known = new CompletableFuture<>();
  private @Nullable SealedState log;
  private @Nullable Agent fork;
  private @Nullable ScrollBack shown;
  private boolean settled;

  Beginning(AgentHome home, HomeTools tools) {
    this.home = home;
    this.tools = tools;
  }

  /** Completes when others may come in. */
  CompletionStage<Void> known() {
    return known;
  }

  /** The placer has said how the agent is. Not under the lock. */
  void learned(Agent agent) {
    if (agent.getForkedFrom().isEmpty()) {
      known.complete(null);
      return;
    }
    synchronized (home) {
      if (fork == null) {
        fork = agent;
        home.later(PATIENCE, this::settle);
        look();
      }
    }
  }

  /** The log was asked. */
  void logFound(SealedState state) {
    log = state;
    look();
  }

  private void look() {
    @Nullable Agent agent = fork;
    if (agent == null || log == null || shown != null) {
      return;
    }
    shown = new ScrollBack();
    if (log.sealed().equals(Place.START)) {
      String source = agent.getForkedFrom();
      next(agent, tools.frames().recent(home.term().tenant(), source, PAGE));
    } else {
      settle();
    }
  }

  private void next(Agent agent, CompletionStage<SealedPage<NumberedFrame>> page) {
    home.whenAnswered(page, (frames, failure) -> came(agent, failure == null ? frames : null));
  }

  private void came(Agent agent, @Nullable SealedPage<NumberedFrame> page) {
    @Nullable ScrollBack kept = shown;
    if (settled || home.over() || kept == null) {
      return;
    }
    if (page == null || page.frames().isEmpty()) {
      keep(kept);
      settle();
      return;
    }
    for (KeptFrame<NumberedFrame> frame : page.frames()) {
      SessionFrame said = frame.frame().getFrame();
      if (Timestamps.compare(said.getAt(), agent.getCreatedAt()) > 0) {
        keep(kept);
        settle();
        return;
      }
      if (said.hasTerminal()) {
        kept.add(said);
      }
    }
    Place last = page.frames().getLast().place();
    String source = agent.getForkedFrom();
    next(agent, tools.frames().read(home.term().tenant(), source, last, PAGE));
  }

  private void keep(ScrollBack kept) {
    if (!home.frames().ring().newest().equals(Place.START)) {
      return; // Of a body that nobody waited for.
    }
    for (NumberedFrame frame : kept.frames()) {
      home.keep(new Place(frame.getBody(), frame.getFrame().getNumber()), frame, false);
    }
  }

  /** Others come in; not under the lock, since they may have locks of their own. */
  private void settle() {
    if (!settled) {
      settled = true;
      tools.later().run(Duration.ZERO, () -> known.complete(null));
    }
  }

  /** The home is none any more. Not under the lock. */
  void end(Throwable why) {
    known.completeExceptionally(why);
  }
}
