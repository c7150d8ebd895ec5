package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.fleet.WorkerView;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A worker that passed a shape's filter, with the terms that its load does not touch. */
public final class Candidate {

  /** The bonus of a place that suits, beside the score's own weights, whose sum is 1. */
  static final double PLACE_WEIGHT = 0.5;

  /** The bonus of being near the user. */
  static final double NEAR_WEIGHT = 0.5;

  /** The bonus of a region whose hour suits heavy work. */
  static final double SUN_WEIGHT = 0.25;

  final WorkerSlot slot;
  final double capability;
  final double latency;
  final double latencyMillis;
  final double cost;
  final double place;
  final double near;
  final OptionalDouble sun;
  final double fixedPart;

  /** What the score's own weights are divided by the sum of all: 1 without a bonus. */
  final double share;

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
    this.place = place(need, view);
    Destination destination = need.destination();
    this.near = destination.prefersNear() ? score.near(need, view) : 0;
    this.sun = destination.followsSun() ? score.sun(view) : OptionalDouble.empty();
    double forPlace = destination.prefersPlace() ? PLACE_WEIGHT : 0;
    double forNear = destination.prefersNear() ? NEAR_WEIGHT : 0;
    double forSun = sun.isPresent() ? SUN_WEIGHT : 0;
    this.share = 1 / (1 + forPlace + forNear + forSun);
    this.fixedPart =
        share
            * (score.fixedPart(capability, latency, cost)
                + forPlace * place
                + forNear * near
                + forSun * sun.orElse(0));
    this.ring = Rendezvous.ring(slot.id());
  }

  private double place(Requirements need, WorkerView view) {
    return need.destination()
        .effort()
        .map(effort -> effort.places().term(view.site().cloud(), cost))
        .orElse(0.0);
  }
}
