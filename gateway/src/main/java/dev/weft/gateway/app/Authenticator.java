package dev.weft.gateway.app;

import dev.weft.gateway.domain.AccessToken;
import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.domain.Standing;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says who calls. Every secret costs one hash and, unless it was seen in the last seconds, one
 * look-up, whatever it looks like; the answer to a bad one does not depend on why it is bad, unless
 * it was good once.
 */
public final class Authenticator {

  private final TokenStore tokens;
  private final FailureLimiter limiter;
  private final TokenCache cache;
  private final InstantSource clock;
  private final Ticker ticker;
  private final ConcurrentHashMap<SecretHash, CompletableFuture<Optional<AccessToken>>> lookups =
      new ConcurrentHashMap<>();

  public Authenticator(
      TokenStore tokens,
      FailureLimiter limiter,
      TokenCache cache,
      InstantSource clock,
      Ticker ticker) {
    this.tokens = tokens;
    this.limiter = limiter;
    this.cache = cache;
    this.clock = clock;
    this.ticker = ticker;
  }

  /**
   * Fails with TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED, TOO_MANY_FAILURES or
   * STORE_UNAVAILABLE.
   */
  public CompletionStage<Caller> authenticate(Optional<String> secret, String source) {
    return authenticateHash(secret.map(SecretHash::of), source);
  }

  /** The same for who needs the secret's hash anyway. */
  public CompletionStage<Caller> authenticateHash(Optional<SecretHash> secret, String source) {
    if (secret.isEmpty()) {
      return CompletableFuture.failedFuture(missing());
    }
    SecretHash hash = secret.get();
    Optional<AccessToken> known = cache.get(hash);
    if (known.isPresent()) {
      return judge(known, source);
    }
    if (cache.knew(hash)) {
      // Who holds a token must not be locked out by somebody else's guesses behind one address.
      return read(hash).thenCompose(found -> judge(found, source));
    }
    return limiter
        .waitFor(source)
        .thenCompose(
            wait -> {
              if (wait.isPositive()) {
                throw tooMany(wait);
              }
              return read(hash).thenCompose(found -> judge(found, source));
            });
  }

  /**
   * Asks again for somebody whom this gateway let in before; counts nothing against the address.
   */
  public CompletionStage<Caller> again(SecretHash hash) {
    Optional<AccessToken> known = cache.get(hash);
    CompletionStage<Optional<AccessToken>> found =
        known.isPresent() ? CompletableFuture.completedFuture(known) : read(hash);
    return found.thenApply(this::callerOf);
  }

  /**
   * Passes a caller who may do it.
   *
   * @throws MeshException SCOPE_MISSING
   */
  public static Caller require(Caller caller, Scope scope) {
    if (!caller.may(scope)) {
      throw new MeshException(
              GatewayReason.SCOPE_MISSING,
              "token: without scope " + scope.text() + " (expected: with it)")
          .with("scope", scope.text());
    }
    return caller;
  }

  public static MeshException tooMany(Duration wait) {
    return new MeshException(
            GatewayReason.TOO_MANY_FAILURES,
            "failed authentications: too many from this address (expected: a pause)")
        .retryAfter(wait);
  }

  private static MeshException missing() {
    return new MeshException(
        GatewayReason.TOKEN_MISSING, "authorization: absent (expected: Bearer and a token)");
  }

  private CompletionStage<Optional<AccessToken>> read(SecretHash hash) {
    CompletableFuture<Optional<AccessToken>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<AccessToken>> first = lookups.putIfAbsent(hash, mine);
    if (first != null) {
      return first;
    }
    long readAt = ticker.nanos();
    tokens
        .find(hash)
        .whenComplete(
            (found, failure) -> {
              lookups.remove(hash);
              if (failure != null) {
                mine.completeExceptionally(failure);
              } else {
                found.ifPresentOrElse(
                    token -> cache.put(hash, token, readAt), () -> cache.forget(hash));
                mine.complete(found);
              }
            });
    return mine;
  }

  private CompletionStage<Caller> judge(Optional<AccessToken> found, String source) {
    return limiter.counted(source, () -> callerOf(found));
  }

  private Caller callerOf(Optional<AccessToken> found) {
    AccessToken token = found.orElseThrow(() -> refused(GatewayReason.TOKEN_INVALID, "unknown"));
    Standing standing = token.standing(clock.instant());
    return switch (standing) {
      case VALID -> token.caller();
      case EXPIRED -> throw refused(GatewayReason.TOKEN_EXPIRED, "expired");
      case REVOKED -> throw refused(GatewayReason.TOKEN_REVOKED, "revoked");
    };
  }

  private static MeshException refused(GatewayReason reason, String found) {
    return new MeshException(reason, "token: " + found + " (expected: a valid one)");
  }
}
