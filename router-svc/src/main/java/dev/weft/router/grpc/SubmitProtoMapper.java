package dev.weft.router.grpc;

import dev.weft.router.app.TaskAdmissions.Candidate;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.effort.EffortPolicy;
import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.task.Document;
import java.util.Optional;

/** Submissions in the core's words. */
final class SubmitProtoMapper {

  private SubmitProtoMapper() {}

  /**
   * @throws IllegalArgumentException naming field, value and what was expected
   * @throws dev.weft.platform.error.MeshException for a field of a later release
   */
  static Candidate candidate(
      int item,
      dev.weft.proto.internal.cell.v1.Submission proto,
      String traceparent,
      EffortPolicy efforts) {
    if (proto.getTenant().isEmpty()) {
      throw new IllegalArgumentException("tenant: empty (expected: the caller's)");
    }
    var spec = proto.getSpec();
    SpecRules.check(spec);
    Requirements need = SpecProtoMapper.requirements(spec);
    Optional<Effort> effort = EffortProtoMapper.effort(spec, need, efforts);
    Submission.Terms terms =
        SpecProtoMapper.terms(proto.getTenant(), spec, SpecProtoMapper.with(effort, need));
    SpecRow row =
        new SpecRow(
            Document.of(EffortProtoMapper.told(spec, effort).toByteArray()),
            proto.getPrincipal(),
            proto.getRequestId(),
            Document.of(proto.getSpecDigest().toByteArray()),
            traceparent,
            spec.getUser());
    return new Candidate(
        item,
        new Submission(
            WireIds.task(proto.getTaskId()), proto.getTenant(), terms, row, Long.MAX_VALUE),
        proto.getResent());
  }
}
