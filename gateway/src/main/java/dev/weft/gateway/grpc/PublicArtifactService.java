package dev.weft.gateway.grpc;

import dev.weft.gateway.artifact.ArtifactForwarder;
import dev.weft.gateway.artifact.Downloads;
import dev.weft.gateway.artifact.Transfers;
import dev.weft.gateway.artifact.Uploads;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.output.OutputFeeds;
import dev.weft.proto.artifacts.v1.ArtifactServiceGrpc;
import dev.weft.proto.artifacts.v1.DeleteArtifactRequest;
import dev.weft.proto.artifacts.v1.DeleteArtifactResponse;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.artifacts.v1.DownloadArtifactResponse;
import dev.weft.proto.artifacts.v1.DownloadBlobsRequest;
import dev.weft.proto.artifacts.v1.DownloadBlobsResponse;
import dev.weft.proto.artifacts.v1.GetArtifactRequest;
import dev.weft.proto.artifacts.v1.GetArtifactResponse;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.artifacts.v1.ListArtifactsResponse;
import dev.weft.proto.artifacts.v1.ListMissingBlobsRequest;
import dev.weft.proto.artifacts.v1.ListMissingBlobsResponse;
import dev.weft.proto.artifacts.v1.OutputHeartbeat;
import dev.weft.proto.artifacts.v1.ReadOutputRequest;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.artifacts.v1.UploadArtifactRequest;
import dev.weft.proto.artifacts.v1.UploadArtifactResponse;
import dev.weft.proto.artifacts.v1.UploadBlobsRequest;
import dev.weft.proto.artifacts.v1.UploadBlobsResponse;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import dev.weft.proto.internal.artifact.v1.StoreBlobsResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** weft.artifacts.v1.ArtifactService. */
@GrpcService
public class PublicArtifactService implements BindableService, ArtifactServiceGrpc.AsyncService {

  private static final ReadOutputResponse HEARTBEAT =
      ReadOutputResponse.newBuilder().setHeartbeat(OutputHeartbeat.getDefaultInstance()).build();

  private final ArtifactForwarder artifacts;
  private final Uploads uploads;
  private final Downloads downloads;
  private final Transfers transfers;
  private final OutputFeeds outputs;
  private final WatchGuard guard;

  public PublicArtifactService(
      ArtifactForwarder artifacts,
      Uploads uploads,
      Downloads downloads,
      Transfers transfers,
      OutputFeeds outputs,
      WatchGuard guard) {
    this.artifacts = artifacts;
    this.uploads = uploads;
    this.downloads = downloads;
    this.transfers = transfers;
    this.outputs = outputs;
    this.guard = guard;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(ArtifactServiceGrpc.bindService(this));
  }

  @Override
  public StreamObserver<UploadArtifactRequest> uploadArtifact(
      StreamObserver<UploadArtifactResponse> observer) {
    Call call = GrpcCalls.current();
    ServerUpload<UploadArtifactRequest, StoreArtifactResponse, UploadArtifactResponse> upload =
        new ServerUpload<>(
            observer,
            uploads.bounded(),
            stored ->
                UploadArtifactResponse.newBuilder().setArtifact(stored.getArtifact()).build());
    return upload.run(
        reader -> transfers.admit(call, Scope.ARTIFACTS_WRITE, reader),
        transfers.patience(),
        caller -> uploads.artifact(call, caller));
  }

  @Override
  public StreamObserver<UploadBlobsRequest> uploadBlobs(
      StreamObserver<UploadBlobsResponse> observer) {
    Call call = GrpcCalls.current();
    ServerUpload<UploadBlobsRequest, StoreBlobsResponse, UploadBlobsResponse> upload =
        new ServerUpload<>(
            observer,
            uploads::checked,
            stored ->
                UploadBlobsResponse.newBuilder()
                    .addAllStoredDigests(stored.getStoredDigestsList())
                    .build());
    return upload.run(
        reader -> transfers.admit(call, Scope.ARTIFACTS_WRITE, reader),
        transfers.patience(),
        caller -> uploads.blobs(call, caller));
  }

  @Override
  public void downloadArtifact(
      DownloadArtifactRequest request, StreamObserver<DownloadArtifactResponse> observer) {
    Call call = GrpcCalls.current();
    new ServerStreamSink<DownloadArtifactResponse, DownloadArtifactResponse>(
            observer, List::of, Optional.empty())
        .run(
            reader -> transfers.admit(call, Scope.ARTIFACTS_READ, reader),
            sink -> downloads.artifact(call, request, new Returning<>(sink)));
  }

  @Override
  public void downloadBlobs(
      DownloadBlobsRequest request, StreamObserver<DownloadBlobsResponse> observer) {
    Call call = GrpcCalls.current();
    new ServerStreamSink<List<DownloadBlobsResponse>, DownloadBlobsResponse>(
            observer, Function.identity(), Optional.empty())
        .run(
            reader -> transfers.admit(call, Scope.ARTIFACTS_READ, reader),
            sink -> downloads.blobs(call, request, sink));
  }

  @Override
  public void getArtifact(
      GetArtifactRequest request, StreamObserver<GetArtifactResponse> observer) {
    GrpcCalls.answer(observer, () -> artifacts.get(GrpcCalls.current(), request));
  }

  @Override
  public void listArtifacts(
      ListArtifactsRequest request, StreamObserver<ListArtifactsResponse> observer) {
    GrpcCalls.answer(observer, () -> artifacts.list(GrpcCalls.current(), request));
  }

  @Override
  public void deleteArtifact(
      DeleteArtifactRequest request, StreamObserver<DeleteArtifactResponse> observer) {
    GrpcCalls.answer(observer, () -> artifacts.delete(GrpcCalls.current(), request));
  }

  @Override
  public void listMissingBlobs(
      ListMissingBlobsRequest request, StreamObserver<ListMissingBlobsResponse> observer) {
    GrpcCalls.answer(observer, () -> artifacts.missing(GrpcCalls.current(), request));
  }

  @Override
  public void readOutput(ReadOutputRequest request, StreamObserver<ReadOutputResponse> observer) {
    Call call = GrpcCalls.current();
    new ServerStreamSink<List<ReadOutputResponse>, ReadOutputResponse>(
            observer, Function.identity(), Optional.of(HEARTBEAT))
        .run(
            reader -> guard.admit(call, Scope.TASKS_READ, reader),
            sink -> outputs.open(call, request, sink));
  }
}
