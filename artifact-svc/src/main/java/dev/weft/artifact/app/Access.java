package dev.weft.artifact.app;

import dev.weft.artifact.app.LeaseAuthority.LeaseRights;
import dev.weft.artifact.domain.ArtifactRecord;
import java.util.Optional;
import java.util.function.Supplier;

/** What one caller may do in one call. */
public final class Access {

  private final String tenant;
  private final Optional<LeaseRights> lease;
  private final Runnable again;
  private final Supplier<Optional<LeaseRights>> anew;

  private Access(
      String tenant,
      Optional<LeaseRights> lease,
      Runnable again,
      Supplier<Optional<LeaseRights>> anew) {
    this.tenant = tenant;
    this.lease = lease;
    this.again = again;
    this.anew = anew;
  }

  /** All that the tenant has. */
  public static Access ofTenant(String tenant) {
    return new Access(tenant, Optional.empty(), () -> {}, Optional::empty);
  }

  /**
   * @param again looks whether the lease is held, by a young answer too
   * @param anew asks what it entitles to now
   */
  static Access ofLease(LeaseRights rights, Runnable again, Supplier<LeaseRights> anew) {
    return new Access(rights.tenant(), Optional.of(rights), again, () -> Optional.of(anew.get()));
  }

  public String tenant() {
    return tenant;
  }

  /** The task whose attempt asks; empty for people. */
  public String taskId() {
    return lease.map(LeaseRights::taskId).orElse("");
  }

  /** A worker reads what its task names or has made; an agent's body is given more meanwhile. */
  boolean mayRead(ArtifactRecord artifact, String id) {
    return lease.isEmpty()
        || entitles(lease.get(), artifact, id)
        || anew.get().filter(rights -> entitles(rights, artifact, id)).isPresent();
  }

  private static boolean entitles(LeaseRights rights, ArtifactRecord artifact, String id) {
    return rights.artifactIds().contains(id) || artifact.content().taskId().equals(rights.taskId());
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
