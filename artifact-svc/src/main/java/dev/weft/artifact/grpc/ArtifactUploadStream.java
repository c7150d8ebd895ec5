package dev.weft.artifact.grpc;

import com.google.protobuf.ByteString;
import dev.weft.artifact.app.Access;
import dev.weft.artifact.app.AccessDesk;
import dev.weft.artifact.app.ArtifactDesk;
import dev.weft.artifact.app.ArtifactUpload;
import dev.weft.artifact.app.Transfers;
import dev.weft.artifact.app.UploadTerms;
import dev.weft.artifact.domain.ArtifactRecord;
import dev.weft.platform.grpc.Peer;
import dev.weft.proto.artifacts.v1.UploadHeader;
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * Takes one artifact in: the header, then chunks, each asked for when the one before is stored. A
 * chunk's bytes are the connection's until its handler returns, so all of it is done by then.
 */
final class ArtifactUploadStream extends TransferStream<StoreArtifactResponse>
    implements StreamObserver<StoreArtifactRequest> {

  static final int MOST_CHUNK = 1 << 20;

  /** One is stored while the next is on its way. */
  private static final int AHEAD = 2;

  private final AccessDesk accesses;
  private final ArtifactDesk artifacts;
  private final Peer peer;
  private @Nullable ArtifactUpload upload;
  private @Nullable ArtifactRecord ofHeld;

  ArtifactUploadStream(
      ServerCallStreamObserver<StoreArtifactResponse> observer,
      Transfers transfers,
      AccessDesk accesses,
      ArtifactDesk artifacts,
      Peer peer) {
    super(observer, transfers);
    this.accesses = accesses;
    this.artifacts = artifacts;
    this.peer = peer;
    observer.request(AHEAD);
  }

  @Override
  public void onNext(StoreArtifactRequest request) {
    step(
        () -> {
          if (ofHeld != null) {
            throw Refusals.invalid("chunk", "one", "none after if_held");
          }
          if (upload == null) {
            open(request);
          } else {
            write(upload, request);
          }
          observer().request(1);
        });
  }

  private void open(StoreArtifactRequest request) {
    if (!request.getUpload().hasHeader()) {
      throw Refusals.invalid("upload", "a chunk", "the header first");
    }
    Access access = accesses.open(StoreProtoMapper.requester(request.getRequester(), peer));
    UploadHeader header = request.getUpload().getHeader();
    UploadTerms terms = StoreProtoMapper.terms(header, artifacts.limits().lifetime());
    if (header.getIfHeld()) {
      ofHeld = artifacts.ofHeld(access, terms);
    } else {
      upload = artifacts.begin(access, terms);
    }
  }

  private static void write(ArtifactUpload open, StoreArtifactRequest request) {
    if (!request.getUpload().hasChunk()) {
      throw Refusals.invalid("upload", "another header", "chunks");
    }
    open.write(ChunkBytes.pieces(checked(request.getUpload().getChunk())));
  }

  static ByteString checked(ByteString chunk) {
    if (chunk.size() > MOST_CHUNK) {
      throw Refusals.invalid("chunk", chunk.size() + " bytes", "at most " + MOST_CHUNK);
    }
    return chunk;
  }

  @Override
  public void onCompleted() {
    step(
        () -> {
          ArtifactRecord made = ofHeld;
          if (made == null) {
            if (upload == null) {
              throw Refusals.invalid("upload", "nothing", "a header");
            }
            made = upload.finish();
          }
          observer()
              .onNext(
                  StoreArtifactResponse.newBuilder()
                      .setArtifact(StoreProtoMapper.artifact(made))
                      .build());
          complete();
        });
  }

  /** The client's side broke: the cancel handler has seen to it. */
  @Override
  public void onError(Throwable failure) {}

  @Override
  void release() {
    if (upload != null) {
      upload.close();
    }
  }
}
