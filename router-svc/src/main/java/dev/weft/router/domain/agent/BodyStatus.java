package dev.weft.router.domain.agent;

import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.WorkerId;
import java.util.Optional;
import java.util.Set;

/** How the task stands that is an agent's body. */
public sealed interface BodyStatus {

  /** There is no such task yet. */
  record Absent() implements BodyStatus {}

  /** Under its id it can never be one: the id is too old, or taken. */
  record Unusable() implements BodyStatus {}

  /** Waits for a worker. */
  record Waiting() implements BodyStatus {}

  record Leased(WorkerId worker) implements BodyStatus {}

  record Running(WorkerId worker) implements BodyStatus {}

  /** Is being cancelled. */
  record Ending() implements BodyStatus {}

  /** Over. */
  sealed interface Ended extends BodyStatus {}

  /**
   * It ended by itself.
   *
   * @param snapshot of the whole workspace; empty if it could not be stored
   * @param problem what could not be kept
   * @param begun ids of commands that it began: no other body may run these
   */
  record Finished(
      Cause cause, Optional<Snapshot> snapshot, Optional<Problem> problem, Set<String> begun)
      implements Ended {}

  /** It failed, or its worker was lost. */
  record Broken(Problem problem) implements Ended {}

  /** Somebody cancelled the task. */
  record Cancelled(Problem problem) implements Ended {}

  /** No worker was found in time, or the task was refused: the next would fare no better. */
  record Hopeless(Problem problem) implements Ended {}

  /** Why a body ends by itself. */
  enum Cause {
    IDLE,
    HIBERNATED,
    DRAINED
  }
}
