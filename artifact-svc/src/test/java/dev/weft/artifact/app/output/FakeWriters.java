package dev.weft.artifact.app.output;

import dev.weft.artifact.app.ArtifactReason;
import dev.weft.artifact.domain.output.Writer;
import dev.weft.platform.error.MeshException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A placer's word in a table: who holds a task's lease, for which tenant. */
public final class FakeWriters implements WriterAuthority {

  private record Lease(Writer writer, String tenant) {}

  private final Map<String, Lease> leases = new ConcurrentHashMap<>();

  public void grant(Writer writer, String taskId, String tenant) {
    leases.put(taskId, new Lease(writer, tenant));
  }

  public void revoke(String taskId) {
    leases.remove(taskId);
  }

  @Override
  public CompletionStage<String> tenant(Writer writer, String taskId, int attempt) {
    Lease lease = leases.get(taskId);
    return lease != null && lease.writer().equals(writer)
        ? CompletableFuture.completedStage(lease.tenant())
        : CompletableFuture.failedStage(
            new MeshException(ArtifactReason.LEASE_NOT_HELD, "the worker does not hold it"));
  }

  @Override
  public CompletionStage<Boolean> isOver(Writer writer, String taskId, int attempt) {
    Lease lease = leases.get(taskId);
    return CompletableFuture.completedStage(lease == null || !lease.writer().equals(writer));
  }
}
