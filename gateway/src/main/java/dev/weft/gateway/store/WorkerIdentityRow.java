package dev.weft.gateway.store;

import dev.weft.gateway.domain.WorkerIdentity;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code worker_identity}. */
@Entity
@Table(name = "worker_identity")
public class WorkerIdentityRow {

  @Id
  @Column(name = "worker_id")
  UUID workerId;

  @Column(name = "join_token", nullable = false)
  UUID joinToken;

  @Column(name = "create_time", nullable = false)
  Instant createTime;

  @Column(name = "revoke_time")
  @Nullable Instant revokeTime;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected WorkerIdentityRow() {}

  WorkerIdentity toIdentity() {
    return new WorkerIdentity(workerId, joinToken, revokeTime != null);
  }
}
