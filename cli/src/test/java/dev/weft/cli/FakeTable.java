package dev.weft.cli;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.artifacts.v1.ListArtifactsResponse;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import dev.weft.proto.artifacts.v1.UploadHeader;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Artifacts as references to blobs. */
final class FakeTable {
  private final FakeBlobs blobs;
  private final Map<String, Artifact> artifacts = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();

  FakeTable(FakeBlobs blobs) {
    this.blobs = blobs;
  }

  ListArtifactsResponse page(ListArtifactsRequest request) {
    List<Artifact> all =
        artifacts.values().stream()
            .filter(one -> request.getName().isEmpty() || one.getName().equals(request.getName()))
            .sorted((a, b) -> b.getId().compareTo(a.getId()))
            .toList();
    int from = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
    int size = Math.min(request.getPageSize(), 2); // Short pages, as the contract allows.
    int to = Math.min(all.size(), from + size);
    return ListArtifactsResponse.newBuilder()
        .addAllArtifacts(all.subList(from, to))
        .setNextPageToken(to < all.size() ? Integer.toString(to) : "")
        .build();
  }

  void remove(String id) {
    artifacts.remove(id);
  }

  void requireComplete(UploadHeader header, ByteString digest) {
    if (!header.getMediaType().equals("application/vnd.weft.tree")) {
      return;
    }
    try {
      for (TreeEntry entry : Tree.parseFrom(blobs.read(digest)).getEntriesList()) {
        if (entry.getKind() == TreeEntryKind.TREE_ENTRY_KIND_FILE
            && !blobs.holds(entry.getDigest())) {
          throw refusal(Status.Code.FAILED_PRECONDITION, "TREE_INCOMPLETE");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Artifact keep(UploadHeader header, ByteString digest) {
    Artifact artifact =
        Artifact.newBuilder()
            .setId("art_%026d".formatted(ids.incrementAndGet()))
            .setName(header.getName())
            .setDigest(digest)
            .setSizeBytes(blobs.read(digest).size())
            .setMediaType(header.getMediaType())
            .build();
    artifacts.put(artifact.getId(), artifact);
    return artifact;
  }

  Artifact find(String idOrName) {
    return artifacts.values().stream()
        .filter(one -> one.getId().equals(idOrName) || one.getName().equals(idOrName))
        .max((a, b) -> a.getId().compareTo(b.getId()))
        .orElseThrow(() -> refusal(Status.Code.NOT_FOUND, "ARTIFACT_NOT_FOUND"));
  }

  static StatusRuntimeException refusal(Status.Code code, String reason) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage(reason + " said the fake")
            .addDetails(
                Any.pack(ErrorInfo.newBuilder().setDomain("weft.dev").setReason(reason).build()))
            .build());
  }
}
