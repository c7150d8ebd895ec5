package dev.weft.artifact.store.output;

import dev.weft.artifact.app.ArtifactReason;
import dev.weft.artifact.app.LeaseAuthority;
import dev.weft.artifact.app.LeaseAuthority.LeaseKey;
import dev.weft.artifact.app.output.WriterAuthority;
import dev.weft.artifact.domain.output.Writer;
import dev.weft.platform.error.MeshException;
import java.util.concurrent.CompletionStage;

/** Asks the placer, on threads that may wait. */
public final class LeaseWriters implements WriterAuthority {

  private final LeaseAuthority leases;
  private final Waiting waiting;

  public LeaseWriters(LeaseAuthority leases, Waiting waiting) {
    this.leases = leases;
    this.waiting = waiting;
  }

  @Override
  public CompletionStage<String> tenant(Writer writer, String taskId, int attempt) {
    return waiting.run(
        () -> leases.logTenant(writer.workerId(), new LeaseKey(taskId, attempt, writer.fence())));
  }

  @Override
  public CompletionStage<Boolean> isOver(Writer writer, String taskId, int attempt) {
    return waiting.run(
        () -> {
          try {
            leases.check(writer.workerId(), new LeaseKey(taskId, attempt, writer.fence()));
            return false;
          } catch (MeshException e) {
            if (e.reason() == ArtifactReason.LEASE_NOT_HELD) {
              return true;
            }
            throw e;
          }
        });
  }
}
