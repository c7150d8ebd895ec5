package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.cli.client.MeshApi;
import dev.weft.proto.artifacts.v1.Artifact;
import java.time.Instant;
import java.util.HexFormat;

/** An artifact as JSON, in the gateway's own form, and parts of it for people. */
final class ArtifactText {
  private ArtifactText() {}

  static ObjectNode json(Artifact artifact) {
    return MeshApi.JSON
        .createObjectNode()
        .put("id", artifact.getId())
        .put("name", artifact.getName())
        .put("digest", artifact.getDigest().toByteArray())
        .put("sizeBytes", Long.toString(artifact.getSizeBytes()))
        .put("mediaType", artifact.getMediaType())
        .put("createTime", time(artifact.getCreateTime()))
        .put("expireTime", time(artifact.getExpireTime()))
        .put("taskId", artifact.getTaskId());
  }

  static String time(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
  }

  static String hex(ByteString digest) {
    return HexFormat.of().formatHex(digest.toByteArray());
  }
}
