package dev.weft.gateway.app;

import dev.weft.gateway.app.WorkerCertifier.Certified;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.JoinToken;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.domain.WorkerIdentity;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.id.PrefixedId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes machines workers and keeps them so: checks join tokens, mints worker ids, has keys signed.
 */
public final class JoinDesk {

  public static final String WORKER_PREFIX = "wkr";

  private final JoinStore store;
  private final FailureLimiter limiter;
  private final WorkerCertifier certifier;
  private final IdGenerator ids;
  private final InstantSource clock;

  public JoinDesk(
      JoinStore store,
      FailureLimiter limiter,
      WorkerCertifier certifier,
      IdGenerator ids,
      InstantSource clock) {
    this.store = store;
    this.limiter = limiter;
    this.certifier = certifier;
    this.ids = ids;
    this.clock = clock;
  }

  /** A worker that may dial in. */
  public record Joined(String workerId, Certified certificate) {}

  /** Asks to become a worker, or to be the known one again. */
  public record Application(String joinToken, Optional<String> workerId, Der signingRequest) {}

  public CompletionStage<Joined> join(Application application, String source) {
    Optional<UUID> claimed = application.workerId().map(JoinDesk::parse);
    return limiter
        .waitFor(source)
        .thenCompose(
            wait -> {
              if (wait.isPositive()) {
                throw Authenticator.tooMany(wait);
              }
              return store.find(secretOf(application.joinToken()));
            })
        .thenCompose(found -> admit(found, source))
        .thenCompose(token -> identify(token, claimed))
        .thenCompose(identity -> certify(identity, application.signingRequest()));
  }

  /** Signs a new key for a worker whose certificate the mesh port has checked. */
  public CompletionStage<Certified> renew(String workerId, Der signingRequest) {
    return standing(workerId).thenApply(_ -> certifier.certify(signingRequest, workerId));
  }

  /** Passes a worker that is known and not revoked. */
  public CompletionStage<WorkerIdentity> standing(String workerId) {
    return store
        .worker(parse(workerId))
        .thenApply(found -> trusted(found.orElseThrow(() -> foreign(workerId))));
  }

  private CompletionStage<JoinToken> admit(Optional<JoinToken> found, String source) {
    return limiter.counted(source, () -> valid(found));
  }

  private JoinToken valid(Optional<JoinToken> found) {
    JoinToken token = found.orElseThrow(() -> refused(GatewayReason.JOIN_TOKEN_INVALID, "unknown"));
    return switch (token.standing(clock.instant())) {
      case VALID -> token;
      case EXPIRED -> throw refused(GatewayReason.JOIN_TOKEN_EXPIRED, "expired");
      case REVOKED -> throw refused(GatewayReason.JOIN_TOKEN_REVOKED, "revoked");
    };
  }

  private CompletionStage<WorkerIdentity> identify(JoinToken token, Optional<UUID> claimed) {
    if (claimed.isEmpty()) {
      return CompletableFuture.completedFuture(new WorkerIdentity(ids.next(), token.id(), false));
    }
    return store
        .worker(claimed.get())
        .thenApply(
            found -> {
              String text = PrefixedId.format(WORKER_PREFIX, claimed.get());
              WorkerIdentity identity = found.orElseThrow(() -> foreign(text));
              if (!identity.joinTokenId().equals(token.id())) {
                throw foreign(text);
              }
              return trusted(identity);
            });
  }

  /** Signs first: a machine that can't make a request gets no id. */
  private CompletionStage<Joined> certify(WorkerIdentity identity, Der signingRequest) {
    String workerId = PrefixedId.format(WORKER_PREFIX, identity.workerId());
    Certified certificate = certifier.certify(signingRequest, workerId);
    Instant now = clock.instant();
    return store
        .bind(identity.workerId(), identity.joinTokenId(), now)
        .thenApply(_ -> new Joined(workerId, certificate));
  }

  /** The part behind the dot is the CA's hash, which is no secret. */
  static SecretHash secretOf(String joinToken) {
    String text = joinToken.strip();
    int dot = text.indexOf('.');
    return SecretHash.of(dot < 0 ? text : text.substring(0, dot));
  }

  private static WorkerIdentity trusted(WorkerIdentity identity) {
    if (identity.revoked()) {
      String text = PrefixedId.format(WORKER_PREFIX, identity.workerId());
      throw new MeshException(
              GatewayReason.WORKER_REVOKED,
              "worker_id: " + text + ", revoked (expected: a trusted worker)")
          .with("worker_id", text);
    }
    return identity;
  }

  private static MeshException foreign(String workerId) {
    return new MeshException(
            GatewayReason.WORKER_ID_FOREIGN,
            "worker_id: " + workerId + " (expected: one made with this join token)")
        .with("worker_id", workerId);
  }

  private static MeshException refused(GatewayReason reason, String found) {
    return new MeshException(reason, "join_token: " + found + " (expected: a valid one)");
  }

  private static UUID parse(String text) {
    try {
      return PrefixedId.parse(WORKER_PREFIX, text);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of("worker_id", text, WORKER_PREFIX + "_ and 26 characters");
    }
  }
}
