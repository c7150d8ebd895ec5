package dev.weft.router.domain.agent;

import dev.weft.router.domain.agent.Agent.Past;
import dev.weft.router.domain.agent.AgentState.Alive;
import dev.weft.router.domain.agent.AgentState.Embodied;
import dev.weft.router.domain.agent.AgentState.Failed;
import dev.weft.router.domain.agent.AgentState.Hibernated;
import dev.weft.router.domain.agent.AgentState.Hibernating;
import dev.weft.router.domain.agent.AgentState.Pending;
import dev.weft.router.domain.agent.AgentState.Provisioning;
import dev.weft.router.domain.agent.AgentState.Running;
import dev.weft.router.domain.agent.AgentState.Terminated;
import dev.weft.router.domain.agent.AgentState.Waking;
import dev.weft.router.domain.agent.BodyStatus.Absent;
import dev.weft.router.domain.agent.BodyStatus.Broken;
import dev.weft.router.domain.agent.BodyStatus.Cancelled;
import dev.weft.router.domain.agent.BodyStatus.Cause;
import dev.weft.router.domain.agent.BodyStatus.Ended;
import dev.weft.router.domain.agent.BodyStatus.Ending;
import dev.weft.router.domain.agent.BodyStatus.Finished;
import dev.weft.router.domain.agent.BodyStatus.Hopeless;
import dev.weft.router.domain.agent.BodyStatus.Leased;
import dev.weft.router.domain.agent.BodyStatus.Unusable;
import dev.weft.router.domain.agent.BodyStatus.Waiting;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What becomes of an agent. Pure: from the agent as stored and its body's task as it stands, never
 * from what was seen before, so that nothing is missed by who looks late or twice.
 */
public final class AgentLife {

  /** A body that dies sooner than this after its start died young. */
  public static final Duration YOUNG = Duration.ofSeconds(60);

  /** So many that died young in a row are enough. */
  public static final int MOST_YOUNG_DEATHS = 3;

  /**
   * So many if the last did not even start: as a rule that is not the agent's fault, and passes.
   */
  public static final int MOST_FALSE_STARTS = 10;

  private static final String BUDGET_EXHAUSTED = "BUDGET_EXHAUSTED";

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  /**
   * When it is decided.
   *
   * @param fresh names the next body's task, if there is to be one
   */
  public record Moment(Instant now, TaskId fresh) {}

  /** What is to be done about the body's task. */
  public enum Errand {
    NONE,
    SUBMIT,
    CANCEL
  }

  private AgentLife() {}

  /**
   * How long the present body's task waits once it is submitted: after one that died young not at
   * all, then 2, 4, 8 … 60 s.
   */
  public static Duration pause(Agent agent) {
    int deaths = agent.past().youngDeaths();
    if (deaths < 2) {
      return Duration.ZERO;
    }
    Duration doubled = Duration.ofSeconds(1L << Math.min(deaths - 1, 10));
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  /** The agent after its body's task was seen to stand so. */
  public static Agent seen(Agent agent, BodyStatus status, Moment moment) {
    return switch (agent.state()) {
      case Embodied embodied -> embodied(agent, embodied, status, moment);
      case Terminated over ->
          isGone(status) ? agent.in(over.buried(), agent.past(), moment.now()) : agent;
      case Hibernated _, Failed _ -> agent;
    };
  }

  /** Whether {@link #seen} makes another of the agent, whenever it is asked. */
  public static boolean isNews(Agent agent, BodyStatus status) {
    return switch (agent.state()) {
      case Embodied embodied -> isNews(embodied, status);
      case Terminated over -> over.remains().isPresent() && isGone(status);
      case Hibernated _, Failed _ -> false;
    };
  }

  private static boolean isNews(Embodied embodied, BodyStatus status) {
    return switch (status) {
      case Absent _, Ending _ -> false;
      case Waiting _ -> !requeued(embodied).equals(embodied);
      case Leased leased -> !leased(embodied, leased.worker()).equals(embodied);
      case BodyStatus.Running _ ->
          !(embodied instanceof Running) && !(embodied instanceof Hibernating);
      case Unusable _, Finished _, Broken _, Cancelled _, Hopeless _ -> true;
    };
  }

  private static boolean isGone(BodyStatus status) {
    return status instanceof Ended || status instanceof Absent || status instanceof Unusable;
  }

  /** What to do for the agent as it is stored now. */
  public static Errand errand(Agent agent, BodyStatus status) {
    return switch (agent.state()) {
      case Embodied _ -> status instanceof Absent ? Errand.SUBMIT : Errand.NONE;
      case Terminated over -> over.remains().isPresent() ? cancel(status) : Errand.NONE;
      case Hibernated _, Failed _ -> Errand.NONE;
    };
  }

  private static Errand cancel(BodyStatus status) {
    return switch (status) {
      case Waiting _, Leased _, BodyStatus.Running _ -> Errand.CANCEL;
      case Absent _, Unusable _, Ending _, Finished _, Broken _, Cancelled _, Hopeless _ ->
          Errand.NONE;
    };
  }

  /**
   * It is to hibernate.
   *
   * @throws AgentRefusal AGENT_OVER, AGENT_NOT_RUNNING
   */
  public static Agent hibernate(Agent agent, Moment moment) {
    AgentState next =
        switch (AgentGuards.alive(agent)) {
          case Running running -> running.hibernate();
          case Hibernating hibernating -> hibernating.wake(false);
          case Hibernated hibernated -> hibernated;
          case Pending _, Provisioning _, Waking _ ->
              throw AgentRefusal.of(
                  AgentRefusal.Reason.AGENT_NOT_RUNNING,
                  "state: %s (expected: RUNNING)".formatted(agent.state().phase()));
        };
    return agent.in(next, agent.past(), moment.now());
  }

  /**
   * It is to be awake.
   *
   * @throws AgentRefusal AGENT_OVER
   */
  public static Agent wake(Agent agent, Moment moment) {
    return switch (AgentGuards.alive(agent)) {
      case Hibernated hibernated -> woken(agent, hibernated, moment);
      case Hibernating hibernating -> agent.in(hibernating.wake(true), agent.past(), moment.now());
      case Pending _, Provisioning _, Running _, Waking _ -> agent;
    };
  }

  /**
   * A command waits for a body: one that sleeps wakes. One that is about to sleep sees what waits
   * when its body has ended.
   *
   * @throws AgentRefusal AGENT_OVER
   */
  public static Agent commanded(Agent agent, Moment moment) {
    return AgentGuards.alive(agent) instanceof Hibernated hibernated
        ? woken(agent, hibernated, moment)
        : agent;
  }

  /** It is to end for good. What is over stays as it is. */
  public static Agent terminate(Agent agent, Problem why, Moment moment) {
    return agent.state() instanceof Alive alive
        ? agent.in(
            alive.terminate(),
            agent.past().ended(agent.past().youngDeaths(), Optional.of(why)),
            moment.now())
        : agent;
  }

  /**
   * The present body has stored the workspace. An older one than is known changes nothing.
   *
   * @throws AgentRefusal STALE_BODY
   */
  public static Agent stored(Agent agent, Snapshot snapshot, Moment moment) {
    AgentGuards.requireBody(agent, snapshot.body());
    return agent.in(agent.state(), agent.past().withNewer(snapshot), moment.now());
  }

  private static Agent embodied(Agent agent, Embodied embodied, BodyStatus status, Moment moment) {
    return switch (status) {
      case Absent _, Ending _ -> agent;
      case Unusable _ -> next(agent, embodied, agent.past(), moment);
      case Waiting _ -> agent.in(requeued(embodied), agent.past(), moment.now());
      case Leased leased -> agent.in(leased(embodied, leased.worker()), agent.past(), moment.now());
      case BodyStatus.Running running -> started(agent, embodied, running.worker(), moment);
      case Finished finished -> finished(agent, embodied, finished, moment);
      case Broken broken -> broken(agent, embodied, broken.problem(), moment);
      case Cancelled cancelled -> {
        Past past =
            agent.past().ended(agent.past().youngDeaths(), Optional.of(cancelled.problem()));
        yield asleepOrNext(agent, embodied, past, embodied instanceof Hibernating, moment);
      }
      case Hopeless hopeless -> givenUp(agent, embodied, Optional.of(hopeless.problem()), moment);
    };
  }

  private static Agent started(Agent agent, Embodied embodied, WorkerId worker, Moment moment) {
    Embodied now = running(embodied, worker, moment.now());
    return now.equals(embodied) ? agent : agent.in(now, agent.past().at(worker), moment.now());
  }

  private static Embodied requeued(Embodied embodied) {
    return switch (embodied) {
      case Provisioning provisioning -> provisioning.requeued();
      case Waking waking -> waking.requeued();
      case Pending _, Running _, Hibernating _ -> embodied;
    };
  }

  private static Embodied leased(Embodied embodied, WorkerId worker) {
    return switch (embodied) {
      case Pending pending -> pending.leased(worker);
      case Provisioning provisioning -> provisioning.leased(worker);
      case Waking waking -> waking.leased(worker);
      case Running _, Hibernating _ -> embodied;
    };
  }

  private static Embodied running(Embodied embodied, WorkerId worker, Instant now) {
    return switch (embodied) {
      case Pending pending -> pending.started(worker, now);
      case Provisioning provisioning -> provisioning.started(worker, now);
      case Waking waking -> waking.started(worker, now);
      case Running _, Hibernating _ -> embodied;
    };
  }

  private static Agent finished(Agent agent, Embodied embodied, Finished finished, Moment moment) {
    Past kept = finished.snapshot().map(agent.past()::with).orElse(agent.past());
    boolean sleeps = finished.cause() != Cause.DRAINED || embodied instanceof Hibernating;
    return asleepOrNext(agent, embodied, kept.ended(0, finished.problem()), sleeps, moment);
  }

  /**
   * Who wished that it sleeps gets that: what a dead body had not stored, no next one has. One for
   * which its tenant could no longer pay says nothing of the agent; the next waits for the money.
   */
  private static Agent broken(Agent agent, Embodied embodied, Problem problem, Moment moment) {
    Optional<Instant> started = embodied.body().started();
    boolean young = started.map(since -> since.plus(YOUNG).isAfter(moment.now())).orElse(true);
    boolean unpaid = problem.reason().equals(BUDGET_EXHAUSTED);
    int deaths = young ? agent.past().youngDeaths() + (unpaid ? 0 : 1) : 0;
    if (!unpaid && deaths >= (started.isPresent() ? MOST_YOUNG_DEATHS : MOST_FALSE_STARTS)) {
      return givenUp(agent, embodied, Optional.of(problem), moment);
    }
    Past past = agent.past().ended(deaths, Optional.of(problem));
    return asleepOrNext(agent, embodied, past, embodied instanceof Hibernating, moment);
  }

  /** Who has a workspace sleeps, whatever waits for it, until somebody wakes it to try again. */
  private static Agent givenUp(
      Agent agent, Embodied embodied, Optional<Problem> why, Moment moment) {
    AgentState next = agent.past().snapshot().isPresent() ? embodied.asleep() : embodied.fail();
    return agent.in(next, agent.past().ended(0, why), moment.now());
  }

  private static Agent asleepOrNext(
      Agent agent, Embodied embodied, Past past, boolean sleeps, Moment moment) {
    boolean wake = agent.queued() > 0 || (embodied instanceof Hibernating on && on.wake());
    return sleeps && !wake
        ? agent.in(embodied.asleep(), past, moment.now())
        : next(agent, embodied, past, moment);
  }

  private static Agent next(Agent agent, Embodied embodied, Past past, Moment moment) {
    Past more = past.next();
    Body body = Body.waiting(more.bodies(), moment.fresh());
    return agent.in(embodied.replaced(body), more, moment.now());
  }

  private static Agent woken(Agent agent, Hibernated hibernated, Moment moment) {
    Past more = agent.past().next();
    Body body = Body.waiting(more.bodies(), moment.fresh());
    return agent.in(hibernated.wake(body), more, moment.now());
  }
}
