package dev.weft.router.grpc;

import dev.weft.router.app.StoredDecisions;
import dev.weft.router.domain.placement.Decision;
import dev.weft.router.domain.placement.DecisionReader;
import dev.weft.router.domain.placement.Rejection;
import dev.weft.router.domain.placement.ScoredCandidate;
import dev.weft.router.domain.task.TaskId;
import java.util.List;

/** Stored decisions as the contract shows them. */
final class DecisionProtoMapper {

  private DecisionProtoMapper() {}

  /** Those of a body that concern the task: its own placements and its shape's reasons to wait. */
  static List<dev.weft.proto.tasks.v1.Decision> decisions(TaskId task, StoredDecisions stored) {
    return DecisionReader.read(stored.body()).stream()
        .filter(decision -> decision.task().map(task::equals).orElse(stored.ofShape()))
        .map(decision -> decision(task, decision, stored))
        .toList();
  }

  private static dev.weft.proto.tasks.v1.Decision decision(
      TaskId task, Decision decision, StoredDecisions stored) {
    var proto =
        dev.weft.proto.tasks.v1.Decision.newBuilder()
            .setTaskId(WireIds.text(task))
            .setAttempt(decision.attempt())
            .setDecideTime(TaskProtoMapper.timestamp(stored.commitTime()))
            .setAlgorithm(decision.basis().algorithm())
            .setWeightsVersion(decision.basis().weightsVersion())
            .setFleetRevision(decision.basis().fleetRevision())
            .setShard(decision.basis().shard())
            .setRemedy(decision.remedy());
    decision.basis().effort().map(EffortProtoMapper::shown).ifPresent(proto::setEffort);
    decision.winner().map(WireIds::text).ifPresent(proto::setWorkerId);
    decision.candidates().forEach(candidate -> proto.addCandidates(candidate(candidate)));
    decision.rejections().forEach(rejection -> proto.addRejections(rejection(rejection)));
    return proto.build();
  }

  private static dev.weft.proto.tasks.v1.ScoredCandidate candidate(ScoredCandidate candidate) {
    var proto =
        dev.weft.proto.tasks.v1.ScoredCandidate.newBuilder()
            .setWorkerId(WireIds.text(candidate.worker()))
            .setScore(candidate.score())
            .setCapability(candidate.capability())
            .setLoad(candidate.load())
            .setLatency(candidate.latency())
            .setCost(candidate.cost());
    candidate.bonuses().place().ifPresent(proto::setPlace);
    candidate.bonuses().near().ifPresent(proto::setNear);
    candidate.bonuses().sun().ifPresent(proto::setSun);
    candidate.bonuses().files().ifPresent(proto::setFiles);
    candidate.bonuses().shard().ifPresent(proto::setShard);
    return proto.build();
  }

  private static dev.weft.proto.tasks.v1.Rejection rejection(Rejection rejection) {
    return dev.weft.proto.tasks.v1.Rejection.newBuilder()
        .setReason(rejection.reason().name())
        .setCount(rejection.count())
        .setExampleWorkerId(WireIds.text(rejection.example()))
        .setDetail(rejection.detail())
        .build();
  }
}
