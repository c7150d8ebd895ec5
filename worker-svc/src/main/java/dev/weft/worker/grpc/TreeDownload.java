package dev.weft.worker.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.DownloadArtifactResponse;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreeRules;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/** A tree on its way in; goes on where a broken try ended, and is believed only by its digest. */
final class TreeDownload {

  private final String artifactId;
  private final int mostBytes;
  private final MessageDigest hash = sha256();
  private ByteString bytes = ByteString.EMPTY;
  private Artifact artifact = Artifact.getDefaultInstance();

  TreeDownload(String artifactId, int mostBytes) {
    this.artifactId = artifactId;
    this.mostBytes = mostBytes;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Bytes that are there. */
  int size() {
    return bytes.size();
  }

  void take(DownloadArtifactResponse step) throws CarryException {
    switch (step.getStepCase()) {
      case ARTIFACT -> named(step.getArtifact());
      case CHUNK -> {
        if (bytes.size() + step.getChunk().size() > mostBytes) {
          throw tooLarge(bytes.size() + (long) step.getChunk().size());
        }
        bytes = bytes.concat(step.getChunk());
        hash.update(step.getChunk().asReadOnlyByteBuffer());
      }
      case STEP_NOT_SET -> {
        // A step of a later protocol.
      }
    }
  }

  private void named(Artifact named) throws CarryException {
    if (!named.getMediaType().equals(Tree.MEDIA_TYPE)) {
      throw new CarryException(
          new Failure(
              FailureReason.WORKSPACE_INVALID,
              "workspace %s: media type %s (expected: %s)"
                  .formatted(artifactId, named.getMediaType(), Tree.MEDIA_TYPE),
              Map.of("artifact", artifactId, "media_type", named.getMediaType())));
    }
    if (Long.compareUnsigned(named.getSizeBytes(), mostBytes) > 0) {
      throw tooLarge(named.getSizeBytes());
    }
    artifact = named;
  }

  private CarryException tooLarge(long size) {
    return new CarryException(
        new Failure(
            FailureReason.WORKSPACE_TOO_LARGE,
            "tree of workspace %s: %d bytes (expected: <= %d)"
                .formatted(artifactId, size, mostBytes),
            Map.of("artifact", artifactId, "most", Integer.toString(mostBytes))));
  }

  Tree tree() throws CarryException {
    if (!ByteString.copyFrom(hash.digest()).equals(artifact.getDigest())) {
      throw new CarryException(
          FailureReason.BLOB_CORRUPT,
          "tree of workspace %s: not the bytes of its digest".formatted(artifactId));
    }
    try {
      return TreeProtoMapper.tree(bytes, TreeRules.MOST_ENTRIES);
    } catch (InvalidProtocolBufferException e) {
      throw invalid(String.valueOf(e.getMessage()), Map.of());
    } catch (TreeException e) {
      throw invalid(String.valueOf(e.getMessage()), e.facts());
    }
  }

  private CarryException invalid(String why, Map<String, String> facts) {
    return new CarryException(
        new Failure(
                FailureReason.WORKSPACE_INVALID,
                "tree of workspace %s: %s".formatted(artifactId, why),
                facts)
            .with("artifact", artifactId));
  }
}
