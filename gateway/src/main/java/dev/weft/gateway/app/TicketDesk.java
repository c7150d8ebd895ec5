package dev.weft.gateway.app;

import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.domain.SessionTicket;
import dev.weft.platform.error.MeshException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives out tickets for sessions and takes each back once. */
public final class TicketDesk {

  /** How long a ticket is good. */
  static final Duration LIFE = Duration.ofSeconds(60);

  private final TicketStore store;
  private final SecretMint mint;
  private final Authenticator authenticator;
  private final FailureLimiter limiter;
  private final InstantSource clock;

  public TicketDesk(
      TicketStore store,
      SecretMint mint,
      Authenticator authenticator,
      FailureLimiter limiter,
      InstantSource clock) {
    this.store = store;
    this.mint = mint;
    this.authenticator = authenticator;
    this.limiter = limiter;
    this.clock = clock;
  }

  /** What a caller is given; the text is kept nowhere. */
  public record Issued(String text, Instant expireTime) {}

  /**
   * Whom a ticket let in.
   *
   * @param credential by which the caller is asked for again while the session is open
   */
  public record Admitted(Caller caller, SecretHash credential, boolean viewer) {}

  public CompletionStage<Issued> issue(Caller caller, String agentId, boolean viewer) {
    String text = mint.ticket();
    Instant end = clock.instant().plus(LIFE);
    SessionTicket ticket =
        new SessionTicket(caller.tenant(), agentId, caller.tokenId(), viewer, end);
    return store.add(ticket, SecretHash.of(text)).thenApply(_ -> new Issued(text, end));
  }

  /**
   * Uses a ticket up. Fails with TICKET_INVALID, with what became of the token behind it, or with
   * TOO_MANY_FAILURES.
   */
  public CompletionStage<Admitted> redeem(String text, String agentId, String source) {
    return limiter
        .waitFor(source)
        .thenCompose(
            wait -> {
              if (wait.isPositive()) {
                throw Authenticator.tooMany(wait);
              }
              return store.use(SecretHash.of(text));
            })
        .thenCompose(used -> judged(used, agentId, source));
  }

  private CompletionStage<Admitted> judged(
      Optional<TicketStore.Used> used, String agentId, String source) {
    Optional<TicketStore.Used> good =
        used.filter(it -> it.ticket().agentId().equals(agentId))
            .filter(it -> clock.instant().isBefore(it.ticket().expireTime()));
    if (good.isEmpty()) {
      return limiter.failed(source).thenCompose(_ -> CompletableFuture.failedFuture(invalid()));
    }
    TicketStore.Used ticket = good.get();
    boolean viewer = ticket.ticket().viewer();
    return authenticator
        .again(ticket.credential())
        .thenApply(
            caller ->
                new Admitted(
                    Authenticator.require(caller, Scope.AGENTS_WRITE),
                    ticket.credential(),
                    viewer));
  }

  private static MeshException invalid() {
    return new MeshException(
        GatewayReason.TICKET_INVALID,
        "ticket: unknown, used or expired (expected: a new one of this agent)");
  }
}
