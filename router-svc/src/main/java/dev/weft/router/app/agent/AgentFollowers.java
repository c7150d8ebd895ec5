package dev.weft.router.app.agent;

import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.cell.Denial;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Everybody who follows an agent. Changes may be told by several threads in any order: a follower
 * hears only of newer ones. Thread-safe.
 */
public final class AgentFollowers {

  /** Takes what an agent is, newer each time, then one of the ends. Must not block. */
  public interface Sink {

    void changed(Agent agent);

    /** The agent is over, and that was told. */
    void completed();

    /** The cell has moved: follow again at its next holder. */
    void denied(Denial reason);
  }

  private final Map<AgentId, Set<Following>> followings = new ConcurrentHashMap<>();

  /**
   * Begins to tell what changes; what it is now is for the caller to read and tell. Nothing of
   * another tenant's agent is told.
   */
  public Following register(String tenant, AgentId agent, Sink sink) {
    Following following = new Following(tenant, agent, sink);
    followings.compute(
        agent,
        (_, known) -> {
          Set<Following> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(following);
          return all;
        });
    return following;
  }

  /** Tells a stored change. */
  public void changed(Agent agent) {
    Set<Following> all = followings.get(agent.id());
    if (all != null) {
      all.forEach(following -> following.tell(agent));
    }
  }

  public void deny(Denial reason) {
    for (Set<Following> all : List.copyOf(followings.values())) {
      all.forEach(following -> following.deny(reason));
    }
  }

  /** One follower of one agent. */
  public final class Following implements AutoCloseable {

    private final String tenant;
    private final AgentId agent;
    private final Sink sink;
    private long revision;
    private boolean ended;

    private Following(String tenant, AgentId agent, Sink sink) {
      this.tenant = tenant;
      this.agent = agent;
      this.sink = sink;
    }

    /** Tells it unless it is known. */
    public synchronized void tell(Agent newer) {
      boolean known = newer.stamps().revision() <= revision;
      if (ended || known || !newer.tenant().equals(tenant)) {
        return;
      }
      revision = newer.stamps().revision();
      sink.changed(newer);
      if (newer.over()) {
        end();
        sink.completed();
      }
    }

    @Override
    public synchronized void close() {
      end();
    }

    private synchronized void deny(Denial reason) {
      if (!ended) {
        end();
        sink.denied(reason);
      }
    }

    private void end() {
      ended = true;
      followings.computeIfPresent(
          agent,
          (_, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }
}
