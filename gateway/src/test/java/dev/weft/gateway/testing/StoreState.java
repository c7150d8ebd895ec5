package dev.weft.gateway.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.Reason;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.UploadHeader;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the replicas of the fake artifact service share, and what goes wrong there. */
public final class StoreState {

  /** After how many bytes of one stream the next one breaks; used once; 0 is never. */
  public final AtomicLong breakDownloadAfter = new AtomicLong();

  public final AtomicLong breakUploadAfter = new AtomicLong();

  /** Refuses the next upload with this before it reads anything of it. */
  public volatile Optional<RuntimeException> refusal = Optional.empty();

  /** Uploads are not read while it is true. */
  public volatile boolean stuck;

  public final AtomicLong uploadedBytes = new AtomicLong();
  public final AtomicInteger uploadMessages = new AtomicInteger();
  public final AtomicInteger openUploads = new AtomicInteger();
  public final AtomicInteger downloads = new AtomicInteger();
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<String, Kept> artifacts = new HashMap<>();
  private final Map<String, Map<ByteString, ByteString>> blobs = new HashMap<>();

  /** One stored artifact. */
  public record Kept(String tenant, Artifact artifact, StoredContent content) {}

  private record Foreign(String name, Code code) implements Reason {}

  public static RuntimeException failure(String reason, Code code, String text) {
    return StatusMapper.toStatus(new MeshException(new Foreign(reason, code), text));
  }

  static RuntimeException gone() {
    return Status.UNAVAILABLE.withDescription("cut off").asRuntimeException();
  }

  public synchronized Artifact keep(String tenant, UploadHeader header, StoredContent content) {
    int number = numbers.incrementAndGet();
    Artifact artifact =
        Artifact.newBuilder()
            .setId("art_" + String.format("%026d", number))
            .setName(header.getName())
            .setDigest(content.digest())
            .setSizeBytes(content.size())
            .setMediaType(
                header.getMediaType().isEmpty()
                    ? "application/octet-stream"
                    : header.getMediaType())
            .setCreateTime(Timestamp.newBuilder().setSeconds(1_700_000_000 + number))
            .build();
    artifacts.put(artifact.getId(), new Kept(tenant, artifact, content));
    return artifact;
  }

  public synchronized Kept find(String tenant, String idOrName) {
    Kept byId = artifacts.get(idOrName);
    if (byId != null && byId.tenant().equals(tenant)) {
      return byId;
    }
    return list(tenant).stream()
        .filter(kept -> kept.artifact().getName().equals(idOrName))
        .findFirst()
        .orElseThrow(
            () ->
                StatusMapper.toStatus(
                    new MeshException(GatewayReason.ARTIFACT_NOT_FOUND, "artifact_id: " + idOrName)
                        .with("artifact_id", idOrName)));
  }

  /** Newest first. */
  public synchronized List<Kept> list(String tenant) {
    List<Kept> all = new ArrayList<>(artifacts.values());
    all.removeIf(kept -> !kept.tenant().equals(tenant));
    all.sort((a, b) -> b.artifact().getId().compareTo(a.artifact().getId()));
    return all;
  }

  public synchronized void remove(String tenant, String id) {
    Kept kept = artifacts.get(id);
    if (kept != null && kept.tenant().equals(tenant)) {
      artifacts.remove(id);
    }
  }

  public synchronized Map<ByteString, ByteString> blobs(String tenant) {
    return blobs.computeIfAbsent(tenant, _ -> new HashMap<>());
  }
}
