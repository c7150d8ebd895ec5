package dev.weft.router.domain.agent;

import dev.weft.router.domain.agent.AgentState.Embodied;
import dev.weft.router.domain.agent.AgentState.Pending;
import dev.weft.router.domain.agent.AgentState.Terminated;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A durable session, as stored.
 *
 * @param queued commands that wait for a body
 */
public record Agent(
    AgentId id, Origin origin, AgentState state, Past past, Home home, Stamps stamps, int queued) {

  private static final int MOST_WORKERS = 3;

  /**
   * What never changes.
   *
   * @param requestId the tenant's idempotency key; empty means none
   * @param spec opaque to the core; equal requests have equal bytes
   * @param forkedFrom whose workspace it began with; empty if it is no fork
   */
  public record Origin(
      String tenant,
      String principal,
      String requestId,
      Document spec,
      String traceparent,
      Optional<AgentId> forkedFrom) {

    /** Whether what is wished is the same. */
    boolean sameWish(Origin other) {
      return spec.equals(other.spec) && forkedFrom.equals(other.forkedFrom);
    }
  }

  /**
   * What its bodies have left.
   *
   * @param bodies how many there were, the present one too
   * @param youngDeaths bodies in a row that died soon after their start
   * @param problem why it is over, or why its last body ended
   * @param workers that have its files, since a body was there: the last comes first
   * @param spending what they cost, the present one too
   */
  public record Past(
      int bodies,
      int youngDeaths,
      Optional<Snapshot> snapshot,
      Optional<Problem> problem,
      List<WorkerId> workers,
      Spending spending) {

    public Past {
      workers = List.copyOf(workers);
    }

    Past ended(int deaths, Optional<Problem> why) {
      return new Past(bodies, deaths, snapshot, why, workers, spending);
    }

    /** A body has its files there now. */
    Past at(WorkerId worker) {
      List<WorkerId> all = new ArrayList<>();
      all.add(worker);
      workers.stream()
          .filter(one -> !one.equals(worker))
          .limit(MOST_WORKERS - 1L)
          .forEach(all::add);
      return new Past(bodies, youngDeaths, snapshot, problem, all, spending);
    }

    /** With the last that a body stores. */
    Past with(Snapshot last) {
      return new Past(bodies, youngDeaths, Optional.of(last), problem, workers, spending);
    }

    Past withNewer(Snapshot one) {
      return one.isNewerThan(snapshot) ? with(one) : this;
    }

    Past next() {
      return new Past(bodies + 1, youngDeaths, snapshot, problem, workers, spending);
    }

    /** Its body is over. */
    Past settled(Instant now) {
      return new Past(bodies, youngDeaths, snapshot, problem, workers, spending.settled(now));
    }
  }

  /**
   * The database's times, and the count of stored changes.
   *
   * @param since it is in its phase
   */
  public record Stamps(Instant created, Instant since, long revision) {}

  /**
   * A new one.
   *
   * @param task the first body's
   * @param now replaced by the database's time when it is stored
   */
  public static Agent spawned(AgentId id, Origin origin, TaskId task, Instant now) {
    return begun(id, origin, Optional.empty(), task, now);
  }

  /**
   * A new one that begins with another's workspace.
   *
   * @param workspace as the other one has stored it; empty: with what the spec says
   */
  public static Agent forked(
      AgentId id, Origin origin, Optional<Snapshot> workspace, TaskId task, Instant now) {
    return begun(id, origin, workspace.map(Snapshot::inherited), task, now);
  }

  private static Agent begun(
      AgentId id, Origin origin, Optional<Snapshot> workspace, TaskId task, Instant now) {
    return new Agent(
        id,
        origin,
        new Pending(Body.waiting(1, task)),
        new Past(1, 0, workspace, Optional.empty(), List.of(), Spending.NONE),
        Home.NONE,
        new Stamps(now, now, 1),
        0);
  }

  /** The present body; also of one that is over while its body's end is not known. */
  public Optional<Body> body() {
    return bodyOf(state);
  }

  private static Optional<Body> bodyOf(AgentState state) {
    return switch (state) {
      case Embodied embodied -> Optional.of(embodied.body());
      case Terminated terminated -> terminated.remains();
      case AgentState.Hibernated _, AgentState.Failed _ -> Optional.empty();
    };
  }

  /** The number of the body whose commands are still open; 0 for none. */
  public int livingBody() {
    return state instanceof Embodied embodied ? embodied.body().number() : 0;
  }

  /** Whether its body takes commands: one that is to hibernate takes no more. */
  public boolean givesCommands() {
    return state instanceof Embodied && !(state instanceof AgentState.Hibernating);
  }

  public boolean over() {
    return state.phase().over();
  }

  public String tenant() {
    return origin.tenant();
  }

  /** The same agent, one change later. */
  Agent in(AgentState next, Past left, Instant now) {
    if (next.equals(state) && left.equals(past)) {
      return this;
    }
    Instant since = next.phase() == state.phase() ? stamps.since : now;
    boolean sameBody = bodyOf(next).map(Body::task).equals(body().map(Body::task));
    return new Agent(
        id,
        origin,
        next,
        sameBody ? left : left.settled(now),
        home,
        new Stamps(stamps.created, since, stamps.revision + 1),
        queued);
  }

  /** With another home, under the next epoch of homes. */
  public Agent movedTo(String gateway) {
    return new Agent(id, origin, state, past, home.movedTo(gateway), touched(), queued);
  }

  /** With another count of commands that wait. */
  public Agent queued(int commands) {
    return commands == queued
        ? this
        : new Agent(id, origin, state, past, home, touched(), commands);
  }

  private Stamps touched() {
    return new Stamps(stamps.created, stamps.since, stamps.revision + 1);
  }
}
