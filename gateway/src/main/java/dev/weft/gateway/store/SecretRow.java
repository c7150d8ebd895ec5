package dev.weft.gateway.store;

import dev.weft.gateway.domain.Sealed;
import dev.weft.gateway.domain.SealedSecret;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;

/** A row of {@code secret}. */
@Entity
@Table(name = "secret")
@IdClass(SecretRow.Key.class)
public class SecretRow {

  @Id String tenant;

  @Id String name;

  @Column(nullable = false)
  long version;

  @Column(nullable = false)
  byte[] sealed;

  @Column(name = "create_time", nullable = false)
  Instant createTime;

  @Column(name = "update_time", nullable = false)
  Instant updateTime;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected SecretRow() {}

  /** What names a row. */
  public record Key(String tenant, String name) implements Serializable {}

  SealedSecret toSecret() {
    return new SealedSecret(tenant, name, version, Sealed.of(sealed), createTime, updateTime);
  }
}
