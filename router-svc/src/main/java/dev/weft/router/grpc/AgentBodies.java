package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.Submission;
import dev.weft.proto.tasks.v1.BodyEnd;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.router.app.agent.BodyWords;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.Body;
import dev.weft.router.domain.agent.BodyStatus;
import dev.weft.router.domain.agent.BodyStatus.Cause;
import dev.weft.router.domain.agent.Snapshot;
import dev.weft.router.domain.effort.EffortPolicy;
import dev.weft.router.domain.placement.FileHolders;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import io.grpc.Status;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Agents' bodies in the contract's words. */
public final class AgentBodies implements BodyWords {

  @Override
  public dev.weft.router.domain.cell.Submission submission(Agent agent, Body body) {
    Submission proto =
        Submission.newBuilder()
            .setTaskId(WireIds.text(body.task()))
            .setTenant(agent.tenant())
            .setPrincipal(agent.origin().principal())
            .setSpec(AgentSpecMapper.body(agent, body))
            .setResent(true)
            .build();
    try {
      return SubmitProtoMapper.candidate(
              0, proto, agent.origin().traceparent(), EffortPolicy.STANDARD)
          .submission()
          .heldBy(holders(agent));
    } catch (MeshException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Without a stored workspace the next body brings nothing that anybody could have. */
  private static FileHolders holders(Agent agent) {
    return agent.past().snapshot().isEmpty()
        ? FileHolders.NONE
        : new FileHolders(agent.past().workers().stream().limit(FileHolders.MOST).toList());
  }

  @Override
  public BodyStatus.Ended end(Body body, Optional<Document> result, Instant ended) {
    TaskResult told = result.map(TaskProtoMapper::result).orElse(TaskResult.getDefaultInstance());
    BodyEnd end = told.getBodyEnd();
    return switch (end.getCause()) {
      case BODY_END_CAUSE_IDLE -> finished(Cause.IDLE, body, end, ended);
      case BODY_END_CAUSE_HIBERNATED -> finished(Cause.HIBERNATED, body, end, ended);
      case BODY_END_CAUSE_DRAINED -> finished(Cause.DRAINED, body, end, ended);
      case BODY_END_CAUSE_UNSPECIFIED, UNRECOGNIZED ->
          new BodyStatus.Broken(
              new Problem(
                  Status.Code.INTERNAL.value(),
                  "BODY_FAILED",
                  "the body ended and its worker did not say why",
                  Map.of()));
    };
  }

  private static BodyStatus.Finished finished(Cause cause, Body body, BodyEnd end, Instant ended) {
    Optional<Problem> problem =
        end.hasIncomplete()
            ? Optional.of(WorkerWords.problem(end.getIncomplete()))
            : Optional.empty();
    return new BodyStatus.Finished(cause, snapshot(body, end, ended, problem), problem, begun(end));
  }

  private static Set<String> begun(BodyEnd end) {
    return end.getBegunCommandIdsList().stream()
        .filter(CommandProtoMapper::isCommandId)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What a worker calls an artifact may be anything: then it is none. */
  private static Optional<Snapshot> snapshot(
      Body body, BodyEnd end, Instant ended, Optional<Problem> problem) {
    if (!AgentProtoMapper.isArtifact(end.getWorkspaceArtifact())) {
      return Optional.empty();
    }
    return Optional.of(
        new Snapshot(
            body.number(),
            end.getWorkspaceArtifact(),
            Document.of(end.getManifestDigest().toByteArray()),
            ended,
            Math.max(0, end.getPaths()),
            problem));
  }
}
