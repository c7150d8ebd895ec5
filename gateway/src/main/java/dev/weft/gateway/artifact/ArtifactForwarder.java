package dev.weft.gateway.artifact;

import com.google.protobuf.ByteString;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.ArtifactRules;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.TaskForwarder;
import dev.weft.gateway.forward.Upstream;
import dev.weft.proto.artifacts.v1.DeleteArtifactRequest;
import dev.weft.proto.artifacts.v1.DeleteArtifactResponse;
import dev.weft.proto.artifacts.v1.GetArtifactRequest;
import dev.weft.proto.artifacts.v1.GetArtifactResponse;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.artifacts.v1.ListArtifactsResponse;
import dev.weft.proto.artifacts.v1.ListMissingBlobsRequest;
import dev.weft.proto.artifacts.v1.ListMissingBlobsResponse;
import dev.weft.proto.internal.artifact.v1.FindArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FindArtifactsRequest;
import dev.weft.proto.internal.artifact.v1.FindMissingBlobsRequest;
import dev.weft.proto.internal.artifact.v1.RemoveArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import java.util.concurrent.CompletionStage;

/** The contract's ArtifactService, less its streams, for a caller who may. */
public final class ArtifactForwarder {

  private final Holder store;

  public ArtifactForwarder(Holder store) {
    this.store = store;
  }

  public CompletionStage<GetArtifactResponse> get(Call call, GetArtifactRequest request) {
    FindArtifactRequest inner =
        FindArtifactRequest.newBuilder()
            .setRequester(Requesters.of(call))
            .setArtifactId(ArtifactRules.checkedReference(request.getArtifactId()))
            .build();
    return visible(
        store
            .call(
                channel -> StoreServiceGrpc.newFutureStub(channel).findArtifact(inner),
                call.patience())
            .thenApply(
                answer ->
                    GetArtifactResponse.newBuilder().setArtifact(answer.getArtifact()).build()));
  }

  public CompletionStage<ListArtifactsResponse> list(Call call, ListArtifactsRequest request) {
    TaskForwarder.checkPageSize(request.getPageSize());
    ArtifactRules.checkName(request.getName());
    if (!request.getTaskId().isEmpty()) {
      TaskForwarder.checkedTaskId(request.getTaskId());
    }
    FindArtifactsRequest inner =
        FindArtifactsRequest.newBuilder()
            .setRequester(Requesters.of(call))
            .setQuery(request)
            .build();
    return visible(
        store
            .call(
                channel -> StoreServiceGrpc.newFutureStub(channel).findArtifacts(inner),
                call.patience())
            .thenApply(
                answer ->
                    ListArtifactsResponse.newBuilder()
                        .addAllArtifacts(answer.getArtifactsList())
                        .setNextPageToken(answer.getNextPageToken())
                        .build()));
  }

  public CompletionStage<DeleteArtifactResponse> delete(Call call, DeleteArtifactRequest request) {
    RemoveArtifactRequest inner =
        RemoveArtifactRequest.newBuilder()
            .setRequester(Requesters.of(call))
            .setArtifactId(ArtifactRules.checkedReference(request.getArtifactId()))
            .build();
    return visible(
        store
            .call(
                channel -> StoreServiceGrpc.newFutureStub(channel).removeArtifact(inner),
                call.patience())
            .thenApply(_ -> DeleteArtifactResponse.getDefaultInstance()));
  }

  public CompletionStage<ListMissingBlobsResponse> missing(
      Call call, ListMissingBlobsRequest request) {
    if (request.getDigestsCount() > ArtifactRules.MOST_DIGESTS) {
      throw InvalidRequest.of(
          "digests", request.getDigestsCount() + " digests", "1.." + ArtifactRules.MOST_DIGESTS);
    }
    ArtifactRules.checkDigests(request.getDigestsList().stream().map(ByteString::size).toList());
    FindMissingBlobsRequest inner =
        FindMissingBlobsRequest.newBuilder()
            .setRequester(Requesters.of(call))
            .addAllDigests(request.getDigestsList())
            .build();
    return visible(
        store
            .call(
                channel -> StoreServiceGrpc.newFutureStub(channel).findMissingBlobs(inner),
                call.patience())
            .thenApply(
                answer ->
                    ListMissingBlobsResponse.newBuilder()
                        .addAllDigests(answer.getDigestsList())
                        .build()));
  }

  private static <T> CompletionStage<T> visible(CompletionStage<T> answer) {
    return Upstream.visible(answer, GatewayReason.ARTIFACTS_UNAVAILABLE);
  }
}
