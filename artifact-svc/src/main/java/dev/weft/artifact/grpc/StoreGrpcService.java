package dev.weft.artifact.grpc;

import dev.weft.artifact.app.Access;
import dev.weft.artifact.app.AccessDesk;
import dev.weft.artifact.app.ArtifactCatalog.PageQuery;
import dev.weft.artifact.app.ArtifactDesk;
import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.StoreMeter;
import dev.weft.artifact.app.Transfers;
import dev.weft.artifact.domain.ArtifactRecord;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.InvalidValue;
import dev.weft.platform.grpc.Peer;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.internal.artifact.v1.FetchArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FetchArtifactResponse;
import dev.weft.proto.internal.artifact.v1.FetchBlobsRequest;
import dev.weft.proto.internal.artifact.v1.FetchBlobsResponse;
import dev.weft.proto.internal.artifact.v1.FindArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FindArtifactResponse;
import dev.weft.proto.internal.artifact.v1.FindArtifactsRequest;
import dev.weft.proto.internal.artifact.v1.FindArtifactsResponse;
import dev.weft.proto.internal.artifact.v1.FindMissingBlobsRequest;
import dev.weft.proto.internal.artifact.v1.FindMissingBlobsResponse;
import dev.weft.proto.internal.artifact.v1.RemoveArtifactRequest;
import dev.weft.proto.internal.artifact.v1.RemoveArtifactResponse;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import dev.weft.proto.internal.artifact.v1.StoreBlobsRequest;
import dev.weft.proto.internal.artifact.v1.StoreBlobsResponse;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc.StoreServiceImplBase;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Artifacts and blobs for gateways and workers. Calls wait, each on a virtual thread. */
public final class StoreGrpcService extends StoreServiceImplBase {

  private static final int PAGE = 100;
  private static final int MOST_PAGE = 1_000;

  private final AccessDesk accesses;
  private final ArtifactDesk artifacts;
  private final BlobDesk blobs;
  private final Transfers transfers;
  private final StoreMeter meter;
  private final Supplier<Peer> peer;

  /**
   * @param peer whose call the current one is
   */
  public StoreGrpcService(
      AccessDesk accesses,
      ArtifactDesk artifacts,
      BlobDesk blobs,
      Transfers transfers,
      StoreMeter meter,
      Supplier<Peer> peer) {
    this.accesses = accesses;
    this.artifacts = artifacts;
    this.blobs = blobs;
    this.transfers = transfers;
    this.meter = meter;
    this.peer = peer;
  }

  @Override
  public StreamObserver<StoreArtifactRequest> storeArtifact(
      StreamObserver<StoreArtifactResponse> observer) {
    return new ArtifactUploadStream(manual(observer), transfers, accesses, artifacts, peer.get());
  }

  @Override
  public void fetchArtifact(
      FetchArtifactRequest request, StreamObserver<FetchArtifactResponse> observer) {
    DownloadArtifactRequest asked = request.getDownload();
    download(
        observer,
        () -> {
          ArtifactRecord artifact =
              artifacts.find(access(request.getRequester()), asked.getArtifactId());
          return new ArtifactSource(
              artifact, artifacts.open(artifact), asked.getOffset(), asked.getLength(), meter);
        });
  }

  @Override
  public void findArtifact(
      FindArtifactRequest request, StreamObserver<FindArtifactResponse> observer) {
    answer(
        observer,
        () ->
            FindArtifactResponse.newBuilder()
                .setArtifact(
                    StoreProtoMapper.artifact(
                        artifacts.find(access(request.getRequester()), request.getArtifactId())))
                .build());
  }

  @Override
  public void findArtifacts(
      FindArtifactsRequest request, StreamObserver<FindArtifactsResponse> observer) {
    answer(
        observer,
        () -> {
          StoreProtoMapper.onlyGateway(peer.get());
          return page(access(request.getRequester()).tenant(), request.getQuery());
        });
  }

  private FindArtifactsResponse page(String tenant, ListArtifactsRequest query) {
    int size = query.getPageSize() == 0 ? PAGE : query.getPageSize();
    if (size < 1 || size > MOST_PAGE) {
      throw new InvalidValue("page_size", size, "1.." + MOST_PAGE);
    }
    String name = query.getName();
    String task = query.getTaskId();
    List<ArtifactRecord> found =
        artifacts.page(
            new PageQuery(
                tenant,
                name,
                task,
                PageTokens.read(query.getPageToken(), tenant, name, task),
                size + 1));
    FindArtifactsResponse.Builder response = FindArtifactsResponse.newBuilder();
    found.stream().limit(size).map(StoreProtoMapper::artifact).forEach(response::addArtifacts);
    if (found.size() > size) {
      response.setNextPageToken(PageTokens.write(found.get(size - 1).seq(), tenant, name, task));
    }
    return response.build();
  }

  @Override
  public void removeArtifact(
      RemoveArtifactRequest request, StreamObserver<RemoveArtifactResponse> observer) {
    answer(
        observer,
        () -> {
          StoreProtoMapper.onlyGateway(peer.get());
          artifacts.remove(access(request.getRequester()), request.getArtifactId());
          return RemoveArtifactResponse.getDefaultInstance();
        });
  }

  @Override
  public void findMissingBlobs(
      FindMissingBlobsRequest request, StreamObserver<FindMissingBlobsResponse> observer) {
    answer(
        observer,
        () -> {
          String tenant = access(request.getRequester()).tenant();
          List<Digest> asked = StoreProtoMapper.digests(request.getDigestsList());
          Map<Digest, Long> held = asked.isEmpty() ? Map.of() : blobs.touch(tenant, asked);
          FindMissingBlobsResponse.Builder response = FindMissingBlobsResponse.newBuilder();
          asked.stream()
              .distinct()
              .filter(digest -> !held.containsKey(digest))
              .forEach(digest -> response.addDigests(StoreProtoMapper.bytes(digest)));
          return response.build();
        });
  }

  @Override
  public StreamObserver<StoreBlobsRequest> storeBlobs(StreamObserver<StoreBlobsResponse> observer) {
    return new BlobUploadStream(manual(observer), transfers, accesses, blobs, peer.get());
  }

  @Override
  public void fetchBlobs(FetchBlobsRequest request, StreamObserver<FetchBlobsResponse> observer) {
    download(
        observer,
        () ->
            new BlobsSource(
                blobs,
                access(request.getRequester()).tenant(),
                StoreProtoMapper.digests(request.getDigestsList()),
                meter));
  }

  private Access access(Requester requester) {
    return accesses.open(StoreProtoMapper.requester(requester, peer.get()));
  }

  private <A> void download(StreamObserver<A> observer, Supplier<DownloadStream.Source<A>> source) {
    DownloadStream.Source<A> opened = explained(source);
    try {
      new DownloadStream<>((ServerCallStreamObserver<A>) observer, transfers, opened).pump();
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** A caller that has gone is answered nothing. */
  private static <A> void answer(StreamObserver<A> observer, Supplier<A> work) {
    ((ServerCallStreamObserver<A>) observer).setOnCancelHandler(() -> {});
    A response = explained(work);
    observer.onNext(response);
    observer.onCompleted();
  }

  private static <T> T explained(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw Refusals.explained(e);
    }
  }

  /** Messages come when they are asked for. */
  private static <A> ServerCallStreamObserver<A> manual(StreamObserver<A> observer) {
    ServerCallStreamObserver<A> call = (ServerCallStreamObserver<A>) observer;
    call.disableAutoRequest();
    return call;
  }
}
