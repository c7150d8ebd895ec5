package dev.weft.gateway.testing;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.BlobHeader;
import dev.weft.proto.artifacts.v1.DownloadArtifactResponse;
import dev.weft.proto.artifacts.v1.DownloadBlobsResponse;
import dev.weft.proto.artifacts.v1.WholeBlob;
import dev.weft.proto.artifacts.v1.WholeBlobs;
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
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import dev.weft.proto.internal.artifact.v1.StoreBlobsRequest;
import dev.weft.proto.internal.artifact.v1.StoreBlobsResponse;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;

/** One replica of the artifact service, by the rules that its contract promises to gateways. */
public final class FakeStore extends StoreServiceGrpc.StoreServiceImplBase {

  private static final int CHUNK = 256 * 1024;

  private final StoreState state;

  public FakeStore(StoreState state) {
    this.state = state;
  }

  @Override
  public StreamObserver<StoreArtifactRequest> storeArtifact(
      StreamObserver<StoreArtifactResponse> observer) {
    return new FakeUpload(state, (ServerCallStreamObserver<StoreArtifactResponse>) observer);
  }

  @Override
  public void fetchArtifact(
      FetchArtifactRequest request, StreamObserver<FetchArtifactResponse> observer) {
    state.downloads.incrementAndGet();
    try {
      StoreState.Kept kept =
          state.find(request.getRequester().getTenant(), request.getDownload().getArtifactId());
      long offset = request.getDownload().getOffset();
      long size = kept.content().size();
      if (offset > size) {
        throw StoreState.failure("OUT_OF_RANGE", Code.OUT_OF_RANGE, "offset: " + offset);
      }
      long length = request.getDownload().getLength();
      long end = length == 0 ? size : Math.min(size, offset + length);
      observer.onNext(
          FetchArtifactResponse.newBuilder()
              .setStep(DownloadArtifactResponse.newBuilder().setArtifact(kept.artifact()))
              .build());
      pump(
          (ServerCallStreamObserver<FetchArtifactResponse>) observer,
          new Chunks(kept.content(), offset, end),
          state.breakDownloadAfter::get);
    } catch (RuntimeException e) {
      observer.onError(e);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // a position that moves on
  private record Chunks(StoredContent content, long[] at, long end)
      implements Iterator<FetchArtifactResponse> {

    Chunks(StoredContent content, long offset, long end) {
      this(content, new long[] {offset}, end);
    }

    @Override
    public boolean hasNext() {
      return at[0] < end;
    }

    @Override
    public FetchArtifactResponse next() {
      ByteString part = content.read(at[0], (int) Math.min(CHUNK, end - at[0]));
      at[0] += part.size();
      return FetchArtifactResponse.newBuilder()
          .setStep(DownloadArtifactResponse.newBuilder().setChunk(part))
          .build();
    }
  }

  /** Sends as the caller reads; breaks once where it is told to. */
  private <A extends com.google.protobuf.MessageLite> void pump(
      ServerCallStreamObserver<A> observer, Iterator<A> steps, LongSupplier breakAfter) {
    long[] sent = new long[1];
    boolean[] over = new boolean[1];
    observer.setOnCancelHandler(() -> over[0] = true);
    Runnable go =
        () -> {
          while (!over[0] && observer.isReady()) {
            if (breakAfter.getAsLong() > 0 && sent[0] >= breakAfter.getAsLong()) {
              state.breakDownloadAfter.set(0);
              over[0] = true;
              observer.onError(StoreState.gone());
              return;
            }
            if (!steps.hasNext()) {
              over[0] = true;
              observer.onCompleted();
              return;
            }
            A step = steps.next();
            sent[0] += step.getSerializedSize();
            observer.onNext(step);
          }
        };
    observer.setOnReadyHandler(go);
    go.run();
  }

  @Override
  public void findArtifact(
      FindArtifactRequest request, StreamObserver<FindArtifactResponse> observer) {
    try {
      observer.onNext(
          FindArtifactResponse.newBuilder()
              .setArtifact(
                  state
                      .find(request.getRequester().getTenant(), request.getArtifactId())
                      .artifact())
              .build());
      observer.onCompleted();
    } catch (RuntimeException e) {
      observer.onError(e);
    }
  }

  @Override
  public void findArtifacts(
      FindArtifactsRequest request, StreamObserver<FindArtifactsResponse> observer) {
    FindArtifactsResponse.Builder response = FindArtifactsResponse.newBuilder();
    int most = request.getQuery().getPageSize() == 0 ? 100 : request.getQuery().getPageSize();
    state.list(request.getRequester().getTenant()).stream()
        .map(StoreState.Kept::artifact)
        .filter(
            one ->
                request.getQuery().getName().isEmpty()
                    || one.getName().equals(request.getQuery().getName()))
        .limit(most)
        .forEach(response::addArtifacts);
    observer.onNext(response.build());
    observer.onCompleted();
  }

  @Override
  public void removeArtifact(
      RemoveArtifactRequest request, StreamObserver<RemoveArtifactResponse> observer) {
    state.remove(request.getRequester().getTenant(), request.getArtifactId());
    observer.onNext(RemoveArtifactResponse.getDefaultInstance());
    observer.onCompleted();
  }

  @Override
  public void findMissingBlobs(
      FindMissingBlobsRequest request, StreamObserver<FindMissingBlobsResponse> observer) {
    var held = state.blobs(request.getRequester().getTenant());
    FindMissingBlobsResponse.Builder response = FindMissingBlobsResponse.newBuilder();
    request.getDigestsList().stream()
        .filter(digest -> !held.containsKey(digest))
        .forEach(response::addDigests);
    observer.onNext(response.build());
    observer.onCompleted();
  }

  /** Whole blobs only: one answer for each message. */
  @Override
  public StreamObserver<StoreBlobsRequest> storeBlobs(StreamObserver<StoreBlobsResponse> observer) {
    return new StreamObserver<>() {
      private String tenant = "";

      @Override
      public void onNext(StoreBlobsRequest request) {
        if (request.hasRequester()) {
          tenant = request.getRequester().getTenant();
        }
        state.uploadMessages.incrementAndGet();
        StoreBlobsResponse.Builder response = StoreBlobsResponse.newBuilder();
        for (WholeBlob blob : request.getStep().getWhole().getBlobsList()) {
          if (!StoredContent.digestOf(blob.getContent()).equals(blob.getDigest())) {
            observer.onError(
                StoreState.failure("DIGEST_MISMATCH", Code.INVALID_ARGUMENT, "digest: another"));
            return;
          }
          state.blobs(tenant).put(blob.getDigest(), blob.getContent());
          response.addStoredDigests(blob.getDigest());
        }
        observer.onNext(response.build());
      }

      @Override
      public void onError(Throwable gone) {}

      @Override
      public void onCompleted() {
        observer.onCompleted();
      }
    };
  }

  @Override
  public void fetchBlobs(FetchBlobsRequest request, StreamObserver<FetchBlobsResponse> observer) {
    var held = state.blobs(request.getRequester().getTenant());
    List<FetchBlobsResponse> steps = new ArrayList<>();
    for (ByteString digest : request.getDigestsList()) {
      ByteString content = held.get(digest);
      if (content == null) {
        observer.onError(StoreState.failure("BLOB_NOT_HELD", Code.NOT_FOUND, "digest: unknown"));
        return;
      }
      if (content.size() <= 1024) {
        steps.add(
            step(
                DownloadBlobsResponse.newBuilder()
                    .setWhole(
                        WholeBlobs.newBuilder()
                            .addBlobs(
                                WholeBlob.newBuilder().setDigest(digest).setContent(content)))));
        continue;
      }
      steps.add(
          step(
              DownloadBlobsResponse.newBuilder()
                  .setHeader(
                      BlobHeader.newBuilder().setDigest(digest).setSizeBytes(content.size()))));
      for (int at = 0; at < content.size(); at += 1000) {
        steps.add(
            step(
                DownloadBlobsResponse.newBuilder()
                    .setChunk(content.substring(at, Math.min(content.size(), at + 1000)))));
      }
    }
    pump(
        (ServerCallStreamObserver<FetchBlobsResponse>) observer,
        steps.iterator(),
        state.breakDownloadAfter::get);
  }

  private static FetchBlobsResponse step(DownloadBlobsResponse.Builder step) {
    return FetchBlobsResponse.newBuilder().setStep(step).build();
  }
}
