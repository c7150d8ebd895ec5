package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.fleet.WorkerView;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A worker that passed a shape's filter, with the terms that its load does not touch. */
public final class Candidate {

  final WorkerSlot slot;
  final double capability;
  final double latency;
  final double latencyMillis;
  final double cost;
  final double fixedPart;

  /** When an index last looked at it. */
  double load;

  /** Its place among the shape's candidates, which are in the order of their ids. */
  int position;

  /** Its part of the hash by which keys prefer workers. */
  final long ring;

  /** The decision body that has written this candidate down, and as which number. */
  @Nullable DecisionBody namedIn;

  int bodyIndex;

  Candidate(WorkerSlot slot, Requirements need, ScorePolicy score) {
    WorkerView view = Objects.requireNonNull(slot.view(), "a worker without profile passed");
    this.slot = slot;
    this.capability = score.capability(need, view);
    this.latency = score.latency(view);
    this.latencyMillis = view.site().latencyMillis();
    this.cost = score.cost(view);
    this.fixedPart = score.fixedPart(capability, latency, cost);
    this.ring = Rendezvous.ring(slot.id());
  }
}
