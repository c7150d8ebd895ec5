package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.ShapeWait;
import dev.weft.router.domain.placement.DecisionBody;
import dev.weft.router.domain.placement.Eligibility;
import dev.weft.router.domain.placement.Remedy;

/** Why no worker takes a shape's work, in memory and in rows. */
final class ShapeReasons {

  private final CellCore core;

  ShapeReasons(CellCore core) {
    this.core = core;
  }

  /**
   * Writes the reasons down when they are others than last time; never the same twice.
   *
   * @param policy by which it was looked for a worker
   */
  void record(Shape shape, Eligibility eligibility, String policy) {
    if (shape.explainedVersion == eligibility.fleetVersion()) {
      return;
    }
    shape.explainedVersion = eligibility.fleetVersion();
    String remedy = Remedy.of(shape.need, eligibility);
    long reasons = eligibility.reasons();
    shape.remedy = remedy;
    if (reasons == shape.recordedReasons) {
      return;
    }
    shape.recordedReasons = reasons;
    DecisionBody body = new DecisionBody(policy);
    body.waiting(eligibility, remedy);
    core.draft.waits(new ShapeWait(shape.id, shape.tenant, body.document()));
  }
}
