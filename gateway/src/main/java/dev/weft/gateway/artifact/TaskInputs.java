package dev.weft.gateway.artifact;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.SecretDesk;
import dev.weft.gateway.domain.ArtifactRules;
import dev.weft.gateway.domain.InputRules;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.SubmitCheck;
import dev.weft.gateway.forward.Upstream;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.internal.artifact.v1.FindArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import dev.weft.proto.tasks.v1.TaskSpec;
import io.grpc.Status.Code;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks whether a task's workspace and secrets are there. */
public final class TaskInputs implements SubmitCheck {

  private static final String FIELD = "spec.workspace_artifact";

  private final Holder store;
  private final SecretDesk secrets;

  public TaskInputs(Holder store, SecretDesk secrets) {
    this.store = store;
    this.secrets = secrets;
  }

  @Override
  public CompletionStage<Void> check(
      Call call, TaskSpec spec, Map<String, CompletionStage<Void>> asked) {
    String workspace = spec.getWorkspaceArtifact();
    CompletionStage<Void> there =
        workspace.isEmpty()
            ? CompletableFuture.completedFuture(null)
            : asked.computeIfAbsent(workspace, id -> workspace(call, id));
    if (spec.getSecretsCount() == 0) {
      return there;
    }
    Set<String> names = new TreeSet<>(InputRules.names(spec.getSecretsList()));
    CompletionStage<Void> known =
        asked.computeIfAbsent("secrets " + names, _ -> secrets.require(call.tenant(), names));
    return there.thenCompose(_ -> known);
  }

  /** Fails with ARTIFACT_NOT_FOUND, or INVALID_FIELD if it is no tree. */
  private CompletionStage<Void> workspace(Call call, String artifactId) {
    FindArtifactRequest request =
        FindArtifactRequest.newBuilder()
            .setRequester(Requesters.of(call))
            .setArtifactId(artifactId)
            .build();
    return store
        .call(
            channel -> StoreServiceGrpc.newFutureStub(channel).findArtifact(request),
            call.patience())
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(seen(failure, artifactId)))
        .thenAccept(answer -> requireTree(answer.getArtifact()));
  }

  private static RuntimeException seen(Throwable failure, String artifactId) {
    if (StatusMapper.fromStatus(failure).code() == Code.NOT_FOUND) {
      return new MeshException(
              GatewayReason.ARTIFACT_NOT_FOUND,
              FIELD + ": " + artifactId + " (expected: an artifact of this tenant)")
          .with("artifact_id", artifactId);
    }
    return Upstream.visible(failure, GatewayReason.ARTIFACTS_UNAVAILABLE);
  }

  private static void requireTree(Artifact artifact) {
    if (!artifact.getMediaType().equals(ArtifactRules.TREE)) {
      throw InvalidRequest.of(
          FIELD,
          artifact.getId() + " of the type " + artifact.getMediaType(),
          "an artifact of the type " + ArtifactRules.TREE);
    }
  }
}
