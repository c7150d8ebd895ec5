package dev.weft.gateway.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row of {@code tenant}. */
@Entity
@Table(name = "tenant")
public class TenantRow {

  @Id String id;

  @Column(name = "create_time", nullable = false)
  Instant createTime;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected TenantRow() {}
}
