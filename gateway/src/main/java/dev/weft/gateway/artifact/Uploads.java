package dev.weft.gateway.artifact;

import com.google.protobuf.ByteString;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.ArtifactRules;
import dev.weft.gateway.domain.TaskDraft.Span;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.Holder;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.artifacts.v1.UploadArtifactRequest;
import dev.weft.proto.artifacts.v1.UploadBlobsRequest;
import dev.weft.proto.artifacts.v1.UploadHeader;
import dev.weft.proto.artifacts.v1.WholeBlob;
import dev.weft.proto.artifacts.v1.WholeBlobs;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import dev.weft.proto.internal.artifact.v1.StoreBlobsRequest;
import dev.weft.proto.internal.artifact.v1.StoreBlobsResponse;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Opens uploads, and says which of their steps are well-formed. */
public final class Uploads {

  /**
   * Steps of one file that wait are merged up to so many bytes: the replica holds a step in buffers
   * of its connection, of which it has few.
   */
  private static final int MOST_MERGED = 256 << 10;

  private final Holder store;
  private final long mostBytes;

  /**
   * @param mostBytes of one artifact or blob
   */
  public Uploads(Holder store, long mostBytes) {
    this.store = store;
    this.mostBytes = mostBytes;
  }

  public long mostBytes() {
    return mostBytes;
  }

  /** One artifact. */
  public Upstreaming<UploadArtifactRequest, StoreArtifactRequest, StoreArtifactResponse> artifact(
      Call call, Upstreaming.Caller<StoreArtifactResponse> caller) {
    Requester requester = Requesters.of(call);
    return opened(
        new Upstreaming<>(
            store,
            new Upstreaming.Kind<>(
                StoreServiceGrpc.getStoreArtifactMethod(),
                step ->
                    StoreArtifactRequest.newBuilder()
                        .setRequester(requester)
                        .setUpload(step)
                        .build(),
                step -> StoreArtifactRequest.newBuilder().setUpload(step).build(),
                Uploads::merged),
            caller));
  }

  /** Any number of blobs. */
  public Upstreaming<UploadBlobsRequest, StoreBlobsRequest, StoreBlobsResponse> blobs(
      Call call, Upstreaming.Caller<StoreBlobsResponse> caller) {
    Requester requester = Requesters.of(call);
    return opened(
        new Upstreaming<>(
            store,
            new Upstreaming.Kind<>(
                StoreServiceGrpc.getStoreBlobsMethod(),
                step ->
                    StoreBlobsRequest.newBuilder().setRequester(requester).setStep(step).build(),
                step -> StoreBlobsRequest.newBuilder().setStep(step).build(),
                Uploads::merged),
            caller));
  }

  private static <U extends Upstreaming<?, ?, ?>> U opened(U upload) {
    upload.open();
    return upload;
  }

  /** Passes the steps of one upload as long as they are well-formed and not too many bytes. */
  public UnaryOperator<UploadArtifactRequest> bounded() {
    long[] come = new long[1];
    return step -> {
      come[0] += step.getChunk().size();
      if (come[0] > mostBytes) {
        throw tooLarge(come[0]);
      }
      return checked(step);
    };
  }

  private UploadArtifactRequest checked(UploadArtifactRequest step) {
    switch (step.getStepCase()) {
      case HEADER -> check(step.getHeader());
      case CHUNK -> ArtifactRules.checkChunk("chunk", step.getChunk().size());
      case STEP_NOT_SET -> {}
    }
    return step;
  }

  /** Passes a well-formed step. */
  public UploadBlobsRequest checked(UploadBlobsRequest step) {
    switch (step.getStepCase()) {
      case HEADER -> {
        ArtifactRules.checkDigest("header.digest", step.getHeader().getDigest().size());
        checkSize(step.getHeader().getSizeBytes());
      }
      case CHUNK -> ArtifactRules.checkChunk("chunk", step.getChunk().size());
      case WHOLE -> {
        int total = 0;
        for (WholeBlob blob : step.getWhole().getBlobsList()) {
          ArtifactRules.checkDigest("whole.blobs.digest", blob.getDigest().size());
          total += blob.getContent().size();
        }
        ArtifactRules.checkChunk("whole", total);
      }
      case STEP_NOT_SET -> {}
    }
    return step;
  }

  private void check(UploadHeader header) {
    ArtifactRules.check(
        new ArtifactRules.Header(
            header.getName(),
            header.getMediaType(),
            header.hasLifetime()
                ? Optional.of(
                    new Span(header.getLifetime().getSeconds(), header.getLifetime().getNanos()))
                : Optional.empty(),
            header.getDigest().size()));
    if (header.hasSizeBytes()) {
      checkSize(header.getSizeBytes());
    }
  }

  private void checkSize(long bytes) {
    if (bytes < 0 || bytes > mostBytes) {
      throw tooLarge(bytes);
    }
  }

  /** What an upload beyond the bound is told. */
  public MeshException tooLarge(long bytes) {
    return new MeshException(
            GatewayReason.ARTIFACT_TOO_LARGE,
            "size_bytes: "
                + Long.toUnsignedString(bytes)
                + " (expected: at most "
                + mostBytes
                + ")")
        .with("most_bytes", mostBytes);
  }

  private static Optional<UploadArtifactRequest> merged(
      UploadArtifactRequest first, UploadArtifactRequest second) {
    if (!first.hasChunk()
        || !second.hasChunk()
        || first.getChunk().size() + second.getChunk().size() > MOST_MERGED) {
      return Optional.empty();
    }
    return Optional.of(
        UploadArtifactRequest.newBuilder()
            .setChunk(first.getChunk().concat(second.getChunk()))
            .build());
  }

  private static Optional<UploadBlobsRequest> merged(
      UploadBlobsRequest first, UploadBlobsRequest second) {
    if (first.hasChunk() && second.hasChunk() && fit(first.getChunk(), second.getChunk())) {
      return Optional.of(
          UploadBlobsRequest.newBuilder()
              .setChunk(first.getChunk().concat(second.getChunk()))
              .build());
    }
    if (first.hasWhole()
        && second.hasWhole()
        && size(first.getWhole()) + size(second.getWhole()) <= ArtifactRules.MOST_CHUNK) {
      return Optional.of(
          UploadBlobsRequest.newBuilder()
              .setWhole(first.getWhole().toBuilder().mergeFrom(second.getWhole()))
              .build());
    }
    return Optional.empty();
  }

  private static boolean fit(ByteString first, ByteString second) {
    return first.size() + second.size() <= ArtifactRules.MOST_CHUNK;
  }

  private static int size(WholeBlobs blobs) {
    return blobs.getBlobsList().stream().mapToInt(blob -> blob.getContent().size()).sum();
  }
}
