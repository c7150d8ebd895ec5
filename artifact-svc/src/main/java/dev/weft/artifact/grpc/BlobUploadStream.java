package dev.weft.artifact.grpc;

import dev.weft.artifact.app.Access;
import dev.weft.artifact.app.AccessDesk;
import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.BlobStore.SmallBlob;
import dev.weft.artifact.app.BlobWriter;
import dev.weft.artifact.app.Transfers;
import dev.weft.artifact.domain.Digest;
import dev.weft.platform.grpc.Peer;
import dev.weft.proto.artifacts.v1.BlobHeader;
import dev.weft.proto.artifacts.v1.UploadBlobsRequest;
import dev.weft.proto.artifacts.v1.WholeBlob;
import dev.weft.proto.artifacts.v1.WholeBlobs;
import dev.weft.proto.internal.artifact.v1.StoreBlobsRequest;
import dev.weft.proto.internal.artifact.v1.StoreBlobsResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Takes many blobs in over one stream; asks for more only while its answers are read. */
final class BlobUploadStream extends TransferStream<StoreBlobsResponse>
    implements StreamObserver<StoreBlobsRequest> {

  private static final int AHEAD = 2;

  private final AccessDesk accesses;
  private final BlobDesk blobs;
  private final Peer peer;
  private @Nullable Access access;
  private @Nullable BlobWriter writer;
  private @Nullable Digest digest;
  private long left;
  private int owed;

  BlobUploadStream(
      ServerCallStreamObserver<StoreBlobsResponse> observer,
      Transfers transfers,
      AccessDesk accesses,
      BlobDesk blobs,
      Peer peer) {
    super(observer, transfers);
    this.accesses = accesses;
    this.blobs = blobs;
    this.peer = peer;
    observer.setOnReadyHandler(() -> step(this::askForMore));
    observer.request(AHEAD);
  }

  @Override
  public void onNext(StoreBlobsRequest request) {
    step(
        () -> {
          Access current = access;
          if (current == null) {
            current = accesses.open(StoreProtoMapper.requester(request.getRequester(), peer));
            access = current;
          } else {
            current.confirm();
          }
          take(current.tenant(), request.getStep());
          owed++;
          askForMore();
        });
  }

  private void askForMore() {
    if (owed > 0 && observer().isReady()) {
      observer().request(owed);
      owed = 0;
    }
  }

  private void take(String tenant, UploadBlobsRequest step) {
    switch (step.getStepCase()) {
      case HEADER -> begin(tenant, step.getHeader());
      case CHUNK -> {
        BlobWriter open = writer;
        if (open == null) {
          throw Refusals.invalid("chunk", "of no blob", "a header first");
        }
        left -= ArtifactUploadStream.checked(step.getChunk()).size();
        open.write(ChunkBytes.pieces(step.getChunk()));
        finishIfWhole(open);
      }
      case WHOLE -> whole(tenant, step.getWhole());
      case STEP_NOT_SET -> {
        // The requester alone, ahead of the first blob.
      }
    }
  }

  private void begin(String tenant, BlobHeader header) {
    mustBeWhole();
    digest = StoreProtoMapper.digest(header.getDigest());
    left = header.getSizeBytes();
    writer = blobs.write(tenant, OptionalLong.of(header.getSizeBytes()));
    finishIfWhole(writer);
  }

  private void finishIfWhole(BlobWriter open) {
    Digest expected = digest;
    if (left == 0 && expected != null) {
      open.finish(expected);
      open.close();
      writer = null;
      answer(List.of(expected));
    }
  }

  private void whole(String tenant, WholeBlobs message) {
    mustBeWhole();
    List<SmallBlob> contents = new ArrayList<>();
    long bytes = 0;
    for (WholeBlob blob : message.getBlobsList()) {
      bytes += blob.getContent().size();
      contents.add(
          new SmallBlob(
              StoreProtoMapper.digest(blob.getDigest()), blob.getContent().toByteArray()));
    }
    if (bytes > ArtifactUploadStream.MOST_CHUNK) {
      throw Refusals.invalid(
          "whole", bytes + " bytes", "at most " + ArtifactUploadStream.MOST_CHUNK);
    }
    if (!contents.isEmpty()) {
      blobs.storeSmall(tenant, contents);
      answer(contents.stream().map(SmallBlob::digest).toList());
    }
  }

  private void answer(List<Digest> stored) {
    StoreBlobsResponse.Builder response = StoreBlobsResponse.newBuilder();
    stored.forEach(one -> response.addStoredDigests(StoreProtoMapper.bytes(one)));
    observer().onNext(response.build());
  }

  private void mustBeWhole() {
    BlobWriter open = writer;
    if (open != null) {
      // Fails: bytes of it are missing.
      open.finish(digest);
    }
  }

  @Override
  public void onCompleted() {
    step(
        () -> {
          mustBeWhole();
          complete();
        });
  }

  /** The client's side broke: the cancel handler has seen to it. */
  @Override
  public void onError(Throwable failure) {}

  @Override
  void release() {
    if (writer != null) {
      writer.close();
    }
  }
}
