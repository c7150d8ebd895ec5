package dev.weft.artifact.app;

import dev.weft.artifact.app.LeaseAuthority.LeaseRights;
import dev.weft.artifact.domain.ArtifactRecord;
import java.util.Optional;

/** What one caller may do in one call. */
public final class Access {

  private final String tenant;
  private final Optional<LeaseRights> lease;
  private final Runnable again;

  private Access(String tenant, Optional<LeaseRights> lease, Runnable again) {
    this.tenant = tenant;
    this.lease = lease;
    this.again = again;
  }

  /** All that the tenant has. */
  public static Access ofTenant(String tenant) {
    return new Access(tenant, Optional.empty(), () -> {});
  }

  static Access ofLease(LeaseRights rights, Runnable again) {
    return new Access(rights.tenant(), Optional.of(rights), again);
  }

  public String tenant() {
    return tenant;
  }

  /** The task whose attempt asks; empty for people. */
  public String taskId() {
    return lease.map(LeaseRights::taskId).orElse("");
  }

  /** A worker reads what its task names or has made. */
  boolean mayRead(ArtifactRecord artifact, String id) {
    return lease
        .map(
            rights ->
                rights.artifactIds().contains(id)
                    || artifact.content().taskId().equals(rights.taskId()))
        .orElse(true);
  }

  /**
   * Before something becomes visible after a long time.
   *
   * @throws dev.weft.platform.error.MeshException LEASE_NOT_HELD
   */
  public void confirm() {
    again.run();
  }
}
