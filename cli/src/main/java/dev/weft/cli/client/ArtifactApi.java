package dev.weft.cli.client;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.ArtifactServiceGrpc.ArtifactServiceBlockingV2Stub;
import dev.weft.proto.artifacts.v1.DeleteArtifactRequest;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.artifacts.v1.DownloadArtifactResponse;
import dev.weft.proto.artifacts.v1.GetArtifactRequest;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.artifacts.v1.ListArtifactsResponse;
import dev.weft.proto.artifacts.v1.ListMissingBlobsRequest;
import dev.weft.proto.artifacts.v1.UploadArtifactRequest;
import dev.weft.proto.artifacts.v1.UploadArtifactResponse;
import dev.weft.proto.artifacts.v1.UploadHeader;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls of weft.artifacts.v1.ArtifactService. */
public final class ArtifactApi {
  /** Most bytes of one chunk that is sent. */
  static final int CHUNK = 512 * 1024;

  /** Longest time in which the other side brings all that it got to its disk. */
  private static final Duration FLUSH = Duration.ofMinutes(5);

  private static final String NOT_HELD = "BLOB_NOT_HELD";

  private final RpcDoor door;

  /** Takes a download piece by piece. */
  public interface Pieces {
    /** Where to go on; 0 at first. */
    long position() throws IOException;

    void take(Artifact artifact, ByteString piece) throws IOException;
  }

  /** Gives an upload piece by piece. */
  public interface Source {
    /** From the beginning again; not every source can. */
    void restart() throws IOException;

    /** Empty at the end. */
    ByteString next(int most) throws IOException;
  }

  public ArtifactApi(RpcDoor door) {
    this.door = door;
  }

  public Artifact get(String idOrName) {
    GetArtifactRequest request = GetArtifactRequest.newBuilder().setArtifactId(idOrName).build();
    return door.call((stub, _) -> limited(stub).getArtifact(request)).getArtifact();
  }

  public ListArtifactsResponse list(ListArtifactsRequest request) {
    return door.call((stub, _) -> limited(stub).listArtifacts(request));
  }

  public void delete(String id) {
    DeleteArtifactRequest request = DeleteArtifactRequest.newBuilder().setArtifactId(id).build();
    door.call((stub, _) -> limited(stub).deleteArtifact(request));
  }

  /** Which of at most 10,000 blobs have to be sent. */
  public List<ByteString> missing(Collection<ByteString> digests) {
    ListMissingBlobsRequest request =
        ListMissingBlobsRequest.newBuilder().addAllDigests(digests).build();
    return door.call((stub, _) -> limited(stub).listMissingBlobs(request)).getDigestsList();
  }

  /** The artifact without its bytes being sent, if the tenant holds them. */
  public Optional<Artifact> putIfHeld(UploadHeader header) {
    try {
      return Optional.of(put(header.toBuilder().setIfHeld(true).build(), Optional.empty()));
    } catch (ApiException e) {
      if (e.reason().equals(NOT_HELD)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Sends bytes; begins again at the next gateway when a stream breaks off. */
  public Artifact put(UploadHeader header, Source source) {
    return put(header, Optional.of(source));
  }

  private Artifact put(UploadHeader header, Optional<Source> source) {
    return door.call(
        (stub, patience) -> {
          BlockingClientCall<UploadArtifactRequest, UploadArtifactResponse> call =
              stub.uploadArtifact();
          try {
            boolean open = call.write(UploadArtifactRequest.newBuilder().setHeader(header).build());
            if (open && source.isPresent()) {
              send(call, source.get(), patience);
            }
            call.halfClose();
            return answer(call);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } finally {
            call.cancel("left", null);
          }
        });
  }

  private void send(
      BlockingClientCall<UploadArtifactRequest, UploadArtifactResponse> call,
      Source source,
      Patience patience)
      throws IOException, StatusException, InterruptedException, TimeoutException {
    source.restart();
    long silence = door.pace().silence().toMillis();
    ByteString piece = source.next(CHUNK);
    boolean open = true;
    while (open && !piece.isEmpty()) {
      open =
          call.write(
              UploadArtifactRequest.newBuilder().setChunk(piece).build(),
              silence,
              TimeUnit.MILLISECONDS);
      patience.progress();
      piece = source.next(CHUNK);
    }
  }

  private static Artifact answer(
      BlockingClientCall<UploadArtifactRequest, UploadArtifactResponse> call)
      throws StatusException, InterruptedException, TimeoutException {
    UploadArtifactResponse answer = call.read(FLUSH.toSeconds(), TimeUnit.SECONDS);
    if (answer == null) {
      throw new ApiException(500, "INTERNAL", "the gateway ended an upload without an answer");
    }
    return answer.getArtifact();
  }

  /** Fetches an artifact's bytes; goes on where it was when a stream breaks off. */
  public Artifact download(String idOrName, Pieces pieces) {
    return door.call(
        (stub, patience) -> {
          try {
            BlockingClientCall<?, DownloadArtifactResponse> call =
                stub.downloadArtifact(
                    DownloadArtifactRequest.newBuilder()
                        .setArtifactId(idOrName)
                        .setOffset(pieces.position())
                        .build());
            try {
              return receive(call, pieces, patience);
            } finally {
              call.cancel("left", null);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private Artifact receive(
      BlockingClientCall<?, DownloadArtifactResponse> call, Pieces pieces, Patience patience)
      throws IOException, StatusException, InterruptedException, TimeoutException {
    long silence = door.pace().silence().toMillis();
    Artifact artifact = Artifact.getDefaultInstance();
    DownloadArtifactResponse step = call.read(silence, TimeUnit.MILLISECONDS);
    while (step != null) {
      if (step.hasArtifact()) {
        artifact = step.getArtifact();
        pieces.take(artifact, ByteString.EMPTY);
      } else {
        pieces.take(artifact, step.getChunk());
        patience.progress();
      }
      step = call.read(silence, TimeUnit.MILLISECONDS);
    }
    return artifact;
  }

  private static ArtifactServiceBlockingV2Stub limited(ArtifactServiceBlockingV2Stub stub) {
    return stub.withDeadlineAfter(MeshApi.CALL_LIMIT);
  }
}
