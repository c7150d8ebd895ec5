package dev.weft.router.app.agent;

import dev.weft.platform.time.Ticker;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentState.Phase;
import dev.weft.router.domain.cell.Denial;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Knows under which epoch this replica holds the agents: at each new one, and now and then, it has
 * every agent with a body looked at, and what their starts took counted; when the cell has moved,
 * it sends everybody there.
 */
public final class AgentWatch implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(AgentWatch.class);
  private static final Duration BEAT = Duration.ofMillis(100);
  private static final Duration SWEEP = Duration.ofSeconds(30);
  private static final int AT_ONCE = 500;
  private static final long NONE = -1;

  private final StoredAgents agents;
  private final AgentKeeper keeper;
  private final AgentFollowers followers;
  private final StartTimes starts;
  private final ScheduledExecutorService timer;
  private final Ticker ticker;
  private volatile Map<Phase, Integer> living = Map.of();
  private @Nullable ScheduledFuture<?> beating;
  private long epoch = NONE;
  private long sweptNanos;

  public AgentWatch(
      StoredAgents agents,
      AgentKeeper keeper,
      AgentFollowers followers,
      StartTimes starts,
      ScheduledExecutorService timer,
      Ticker ticker) {
    this.agents = agents;
    this.keeper = keeper;
    this.followers = followers;
    this.starts = starts;
    this.timer = timer;
    this.ticker = ticker;
    agents.listen(followers::changed);
    agents.listen(starts::seen);
  }

  public synchronized void start() {
    beating = timer.scheduleWithFixedDelay(this::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How many living agents are in a phase; 0 on a replica that does not hold the cell. */
  public int living(Phase phase) {
    return living.getOrDefault(phase, 0);
  }

  @Override
  public synchronized void close() {
    if (beating != null) {
      beating.cancel(false);
    }
  }

  private void beat() {
    keeper.lookForStarted();
    agents
        .epoch()
        .whenComplete(
            (held, failure) -> {
              if (failure == null) {
                holding(held);
              } else if (TaskQueries.denied(failure).isPresent()) {
                standBy(TaskQueries.denied(failure).get());
              }
            });
  }

  private void holding(long held) {
    synchronized (this) {
      boolean taken = held != epoch;
      if (!taken && ticker.nanos() - sweptNanos < SWEEP.toNanos()) {
        return;
      }
      epoch = held;
      sweptNanos = ticker.nanos();
      if (taken) {
        keeper.forgetAll();
      }
    }
    sweep(Optional.empty());
    agents
        .read(AgentBook::living)
        .whenComplete((counts, _) -> living = counts == null ? living : counts);
  }

  private void standBy(Denial denial) {
    synchronized (this) {
      if (epoch == NONE) {
        return;
      }
      epoch = NONE;
    }
    living = Map.of();
    keeper.forgetAll();
    followers.deny(denial);
  }

  private void sweep(Optional<AgentId> after) {
    agents
        .read(book -> book.embodied(after, AT_ONCE))
        .whenComplete(
            (page, failure) -> {
              if (failure == null) {
                attend(page);
              } else {
                LOG.warnf("agents not listed, trying again error=%s", failure.getMessage());
                soon();
              }
            });
  }

  private void attend(List<Agent> page) {
    page.forEach(
        agent -> {
          starts.seen(agent);
          keeper.attend(agent.id());
        });
    if (page.size() == AT_ONCE) {
      sweep(Optional.of(page.getLast().id()));
    }
  }

  /** The next beat sweeps. */
  private synchronized void soon() {
    sweptNanos = ticker.nanos() - SWEEP.toNanos();
  }
}
