package dev.weft.gateway.session;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.proto.internal.agent.v1.FollowAgentResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Hands a home the placer's word on its agent, one after the other, until the home ends. */
final class AgentFollow implements StreamSink<FollowAgentResponse> {

  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final AgentHome home;
  private final HomeTools tools;
  private @Nullable OpenStream stream;
  private boolean asked;
  private boolean cancelled;

  AgentFollow(AgentHome home, HomeTools tools) {
    this.home = home;
    this.tools = tools;
  }

  void open() {
    HomeTerm term = home.term();
    OpenStream opened = tools.watches().agent(term.tenant(), term.agentId(), this);
    boolean late;
    boolean early;
    synchronized (this) {
      stream = opened;
      late = cancelled;
      early = asked;
      asked = false;
    }
    if (late) {
      opened.cancel();
    } else if (early) {
      opened.request();
    }
  }

  @Override
  public void next(FollowAgentResponse step) {
    if (!home.learned(step)) {
      return;
    }
    OpenStream source;
    synchronized (this) {
      source = stream;
      asked = source == null;
    }
    if (source != null) {
      source.request();
    }
  }

  @Override
  public void done() {
    if (!home.agentIsOver()) {
      tools.later().run(AGAIN, this::again);
    }
  }

  @Override
  public void failed(RuntimeException why) {
    if (AgentCell.isAway(why)) {
      tools.later().run(AGAIN, this::again);
    } else {
      home.end(why);
    }
  }

  private void again() {
    synchronized (this) {
      if (cancelled) {
        return;
      }
      stream = null;
    }
    open();
  }

  /** The home has ended. */
  void cancel() {
    OpenStream source;
    synchronized (this) {
      cancelled = true;
      source = stream;
    }
    if (source != null) {
      source.cancel();
    }
  }
}
