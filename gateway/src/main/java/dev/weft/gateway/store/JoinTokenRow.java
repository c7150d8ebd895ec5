package dev.weft.gateway.store;

import dev.weft.gateway.domain.JoinToken;
import dev.weft.gateway.domain.SecretHash;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code join_token}. */
@Entity
@Table(name = "join_token")
public class JoinTokenRow {

  @Id UUID id;

  @Column(nullable = false)
  String name;

  @Column(name = "secret_hash", nullable = false)
  byte[] secretHash;

  @Column(name = "create_time", nullable = false)
  Instant createTime;

  @Column(name = "expire_time")
  @Nullable Instant expireTime;

  @Column(name = "revoke_time")
  @Nullable Instant revokeTime;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected JoinTokenRow() {}

  JoinTokenRow(JoinToken token, SecretHash secret) {
    id = token.id();
    name = token.name();
    secretHash = secret.bytes();
    createTime = token.createTime();
    expireTime = token.expireTime().orElse(null);
    revokeTime = token.revokeTime().orElse(null);
  }

  JoinToken toToken() {
    return new JoinToken(
        id, name, createTime, Optional.ofNullable(expireTime), Optional.ofNullable(revokeTime));
  }
}
