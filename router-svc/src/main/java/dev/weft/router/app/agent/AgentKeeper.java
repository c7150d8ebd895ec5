package dev.weft.router.app.agent;

import dev.weft.router.app.EventChain.Step;
import dev.weft.router.app.EventCursor;
import dev.weft.router.app.Followers;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentLife;
import dev.weft.router.domain.agent.Body;
import dev.weft.router.domain.agent.BodyStatus;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.task.TaskId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings agents and their bodies' tasks together, on the holder. Whatever happens to either, it
 * looks at both as they are and does what is missing, so that a crash between any two steps is
 * healed by the next look.
 */
public final class AgentKeeper {

  private static final Logger LOG = Logger.getLogger(AgentKeeper.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final StoredAgents agents;
  private final BodyTasks bodies;
  private final ScheduledExecutorService timer;
  private final LifeCounts counts;
  private final Turns turns;
  private final Map<AgentId, Followed> followed = new ConcurrentHashMap<>();

  /** Bodies whose worker has not been seen to start them. */
  private final Map<AgentId, TaskId> leased = new ConcurrentHashMap<>();

  /** Told of what is worth a metric. */
  public interface LifeCounts {

    /** A body's task was let in. */
    void submitted();

    /** A body died, with the agent's problem. */
    void broken();
  }

  public AgentKeeper(
      StoredAgents agents, BodyTasks bodies, ScheduledExecutorService timer, LifeCounts counts) {
    this.agents = agents;
    this.bodies = bodies;
    this.timer = timer;
    this.counts = counts;
    this.turns = new Turns(this::look);
    agents.listen(this::changed);
  }

  /** Looks at the agent soon; however often it is asked meanwhile, once more is enough. */
  public void attend(AgentId agent) {
    turns.ask(agent);
  }

  /** A start alone makes no commit that tells it, so it is looked for. */
  void lookForStarted() {
    if (leased.isEmpty()) {
      return;
    }
    bodies
        .running(Set.copyOf(leased.values()))
        .thenAccept(
            running ->
                leased.forEach(
                    (agent, task) -> {
                      if (running.contains(task)) {
                        attend(agent);
                      }
                    }));
  }

  /** The cell has moved: what was followed is told by nobody any more. */
  public void forgetAll() {
    followed.keySet().forEach(this::forget);
  }

  private void changed(Agent agent) {
    if (agent.body().isPresent() || followed.containsKey(agent.id())) {
      attend(agent.id());
    }
  }

  private CompletionStage<AgentId> look(AgentId id) {
    return agents
        .read(book -> book.agent(id))
        .thenCompose(
            found -> {
              Optional<Body> body = found.flatMap(Agent::body);
              if (body.isEmpty()) {
                forget(id);
                return CompletableFuture.completedStage(id);
              }
              return look(found.get(), body.get());
            })
        .whenComplete((_, failure) -> again(id, failure));
  }

  private CompletionStage<AgentId> look(Agent agent, Body body) {
    follow(agent, body);
    return bodies
        .status(agent, body)
        .thenCompose(
            status -> seen(agent, body, status).thenCompose(after -> run(after, body, status)))
        .thenApply(_ -> agent.id());
  }

  /** The agent after its body was seen so; nothing is written if that changes nothing. */
  private CompletionStage<Agent> seen(Agent agent, Body body, BodyStatus status) {
    if (!AgentLife.isNews(agent, status)) {
      return CompletableFuture.completedStage(agent);
    }
    StoredAgents.Decision decision =
        (stored, moment) -> isOf(stored, body) ? AgentLife.seen(stored, status, moment) : stored;
    CompletionStage<Optional<Agent>> change =
        status instanceof BodyStatus.Finished finished
            ? agents.finish(agent.id(), body.number(), finished.begun(), decision)
            : agents.change(agent.id(), decision);
    return change.thenApply(
        after -> {
          after.ifPresent(now -> report(now, body, status));
          return after.orElse(agent);
        });
  }

  private CompletionStage<?> run(Agent agent, Body body, BodyStatus status) {
    note(agent);
    if (!isOf(agent, body)) {
      attend(agent.id());
      return CompletableFuture.completedStage(agent);
    }
    return switch (AgentLife.errand(agent, status)) {
      case NONE -> CompletableFuture.completedStage(agent);
      case CANCEL -> bodies.cancel(agent, body);
      case SUBMIT ->
          bodies
              .submit(agent, body)
              .thenCompose(
                  refused -> {
                    if (refused.isPresent()) {
                      return seen(agent, body, refused.get());
                    }
                    counts.submitted();
                    // Its first steps may have been told before anybody followed it.
                    attend(agent.id());
                    return CompletableFuture.completedStage(agent);
                  });
    };
  }

  private void note(Agent agent) {
    Optional<Body> starting =
        switch (agent.state().phase()) {
          case PROVISIONING, WAKING -> agent.body().filter(body -> body.worker().isPresent());
          case PENDING, RUNNING, HIBERNATING, HIBERNATED, TERMINATED, FAILED -> Optional.empty();
        };
    starting.ifPresentOrElse(
        body -> leased.put(agent.id(), body.task()), () -> leased.remove(agent.id()));
  }

  private void report(Agent agent, Body body, BodyStatus status) {
    String reason = agent.past().problem().map(problem -> problem.reason()).orElse("");
    if (status instanceof BodyStatus.Broken) {
      counts.broken();
      LOG.warnf(
          "an agent's body died agentId=%s body=%d state=%s reason=%s",
          agent.id(), body.number(), agent.state().phase(), reason);
    } else if (status instanceof BodyStatus.Ended) {
      LOG.infof(
          "an agent's body ended agentId=%s body=%d state=%s reason=%s",
          agent.id(), body.number(), agent.state().phase(), reason);
    }
  }

  private static boolean isOf(Agent agent, Body body) {
    return agent.body().filter(now -> now.task().equals(body.task())).isPresent();
  }

  /** Away or moved: what is still to do is seen again, here or at the next holder. */
  private void again(AgentId id, @Nullable Throwable failure) {
    if (failure == null) {
      return;
    }
    if (TaskQueries.denied(failure).filter(AgentKeeper::isElsewhere).isPresent()) {
      forget(id);
      return;
    }
    LOG.warnf("agent not looked after, trying again agentId=%s error=%s", id, failure.getMessage());
    timer.schedule(() -> attend(id), AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static boolean isElsewhere(Denial denial) {
    return denial.reason() == Denial.Reason.NOT_HOLDER;
  }

  private void follow(Agent agent, Body body) {
    followed.compute(
        agent.id(),
        (id, known) -> {
          if (known != null && known.task.equals(body.task())) {
            return known;
          }
          if (known != null) {
            known.following.close();
          }
          return new Followed(body.task(), bodies.follow(agent, body, () -> attend(id)));
        });
  }

  private void forget(AgentId id) {
    leased.remove(id);
    Followed known = followed.remove(id);
    if (known != null) {
      known.following.close();
    }
  }

  private record Followed(TaskId task, Followers.Following<Step, EventCursor> following) {}
}
