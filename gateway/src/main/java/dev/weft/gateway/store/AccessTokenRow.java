package dev.weft.gateway.store;

import dev.weft.gateway.domain.AccessToken;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SecretHash;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A row of {@code access_token}. */
@Entity
@Table(name = "access_token")
public class AccessTokenRow {

  @Id UUID id;

  @Column(nullable = false)
  String tenant;

  @Column(nullable = false)
  String name;

  @Column(name = "secret_hash", nullable = false)
  byte[] secretHash;

  @Column(nullable = false)
  String scopes;

  @Column(name = "create_time", nullable = false)
  Instant createTime;

  @Column(name = "expire_time")
  @Nullable Instant expireTime;

  @Column(name = "revoke_time")
  @Nullable Instant revokeTime;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected AccessTokenRow() {}

  AccessTokenRow(AccessToken token, SecretHash secret) {
    id = token.id();
    tenant = token.tenant();
    name = token.name();
    secretHash = secret.bytes();
    scopes = words(token.scopes());
    createTime = token.createTime();
    expireTime = token.expireTime().orElse(null);
    revokeTime = token.revokeTime().orElse(null);
  }

  AccessToken toToken() {
    return new AccessToken(
        id,
        tenant,
        name,
        scopes(scopes),
        createTime,
        Optional.ofNullable(expireTime),
        Optional.ofNullable(revokeTime));
  }

  static String words(Set<Scope> scopes) {
    return scopes.stream().map(Scope::text).sorted().collect(Collectors.joining(" "));
  }

  /** A word that this build does not know gives nothing. */
  private static Set<Scope> scopes(String words) {
    return Arrays.stream(words.split(" "))
        .map(Scope::of)
        .flatMap(Optional::stream)
        .collect(Collectors.toUnmodifiableSet());
  }
}
