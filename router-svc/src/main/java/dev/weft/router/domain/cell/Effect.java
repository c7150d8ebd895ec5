package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.outlier.Ejection;
import dev.weft.router.domain.task.TaskId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Something to be told to the outside, once what it rests on is durable. */
public sealed interface Effect {

  /** What is told instead when the memory that promised this is given up; null for nothing. */
  default @Nullable Effect denied(Denial reason) {
    return switch (this) {
      case Accepted accepted -> new SubmitDenied(accepted.reply, accepted.item, reason);
      case Existing existing -> new SubmitDenied(existing.reply, existing.item, reason);
      case SubmitDenied denied -> denied;
      case Settled settled -> new SettledDenied(settled.reply, reason);
      case SettledDenied denied -> denied;
      case DrainState state -> new DrainDenied(state.reply, reason);
      case DrainDenied denied -> denied;
      case Assign _,
          Greet _,
          Cancel _,
          Acknowledge _,
          Renewed _,
          Drain _,
          Close _,
          Ejected _,
          Back _ ->
          null;
    };
  }

  /** Answers a submit's item. */
  record Accepted(SubmitReply reply, int item, AdmittedTask task) implements Effect {}

  record Existing(SubmitReply reply, int item, TaskId first) implements Effect {}

  record SubmitDenied(SubmitReply reply, int item, Denial reason) implements Effect {}

  record Settled(SettledReply reply) implements Effect {}

  record SettledDenied(SettledReply reply, Denial reason) implements Effect {}

  record DrainState(DrainReply reply, boolean drained, int running) implements Effect {}

  record DrainDenied(DrainReply reply, Denial reason) implements Effect {}

  /** Goes down a worker's stream. */
  sealed interface ToWorker extends Effect {

    WorkerLink link();
  }

  /** Pushes a lease. */
  record Assign(WorkerLink link, Assignment assignment, StoredSpec spec) implements ToWorker {}

  record Greet(WorkerLink link, Welcome welcome) implements ToWorker {}

  record Cancel(WorkerLink link, AttemptKey key) implements ToWorker {}

  record Acknowledge(WorkerLink link, AttemptKey key) implements ToWorker {}

  record Renewed(WorkerLink link, long number) implements ToWorker {}

  record Drain(WorkerLink link, Duration grace) implements ToWorker {}

  record Close(WorkerLink link, Denial reason) implements ToWorker {}

  /** A worker stands out in a tenant's work, and is out of that for a while. */
  record Ejected(String tenant, Ejection ejection) implements Effect {}

  /** Its time is over. */
  record Back(String tenant, Ejection ejection) implements Effect {}
}
