package dev.weft.gateway.app;

import dev.weft.gateway.domain.AccessToken;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.domain.TaskRules;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.id.PrefixedId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Makes, shows and revokes bearer tokens of the administrator's own tenant. */
public final class TokenDesk {

  public static final String PREFIX = "tok";

  private static final int MOST_PAGE = 1000;
  private static final Duration LONGEST = Duration.ofDays(3650);

  private final TokenStore store;
  private final SecretMint mint;
  private final IdGenerator ids;
  private final InstantSource clock;

  public TokenDesk(TokenStore store, SecretMint mint, IdGenerator ids, InstantSource clock) {
    this.store = store;
    this.mint = mint;
    this.ids = ids;
    this.clock = clock;
  }

  /** A new token with its secret, which is shown this once. */
  public record Issued(AccessToken token, String secret) {}

  /** What is asked for; an absent lifetime means until revoked. */
  public record Wish(String name, Set<Scope> scopes, Optional<Duration> lifetime) {}

  /** A page of tokens and where the next one starts. */
  public record Page(List<AccessToken> tokens, Optional<String> next) {}

  public CompletionStage<Issued> create(Actor actor, Wish wish) {
    checkName(wish.name());
    if (wish.scopes().isEmpty()) {
      throw InvalidRequest.of("scopes", "empty", "some of " + Scope.words());
    }
    if (wish.scopes().contains(Scope.MESH_ADMIN)) {
      // A tenant's administrator can't rise above the tenant.
      Authenticator.require(actor.caller(), Scope.MESH_ADMIN);
    }
    Instant now = clock.instant();
    AccessToken token =
        new AccessToken(
            ids.next(),
            actor.caller().tenant(),
            wish.name(),
            wish.scopes(),
            now,
            wish.lifetime().map(life -> now.plus(checkedLife(life))),
            Optional.empty());
    String secret = mint.bearer();
    return store
        .create(
            token,
            SecretHash.of(secret),
            AuditEntry.by(actor, "token.create", PrefixedId.format(PREFIX, token.id())))
        .thenApply(_ -> new Issued(token, secret));
  }

  public CompletionStage<Page> list(Actor actor, int pageSize, Optional<String> pageToken) {
    if (pageSize < 0 || pageSize > MOST_PAGE) {
      throw InvalidRequest.of("page_size", pageSize, "0.." + MOST_PAGE);
    }
    int most = pageSize == 0 ? 100 : pageSize;
    Optional<UUID> after = pageToken.map(text -> parse("page_token", text));
    return store
        .list(actor.caller().tenant(), after, most)
        .thenApply(
            tokens ->
                new Page(
                    tokens,
                    tokens.size() < most
                        ? Optional.empty()
                        : Optional.of(PrefixedId.format(PREFIX, tokens.getLast().id()))));
  }

  public CompletionStage<Void> revoke(Actor actor, String tokenId) {
    UUID id = parse("token_id", tokenId);
    return store
        .revoke(
            actor.caller().tenant(),
            id,
            clock.instant(),
            AuditEntry.by(actor, "token.revoke", tokenId))
        .thenAccept(
            known -> {
              if (!known) {
                throw new MeshException(
                        GatewayReason.TOKEN_NOT_FOUND,
                        "token_id: " + tokenId + " (expected: a token of this tenant)")
                    .with("token_id", tokenId);
              }
            });
  }

  static void checkName(String name) {
    if (name.isBlank()) {
      throw InvalidRequest.of("name", "empty", "1.." + TaskRules.MOST_NAME + " characters");
    }
    TaskRules.checkText("name", name);
  }

  static Duration checkedLife(Duration life) {
    if (life.compareTo(Duration.ofSeconds(1)) < 0 || life.compareTo(LONGEST) > 0) {
      throw InvalidRequest.of("lifetime", life, "1 s.." + LONGEST.toDays() + " days");
    }
    return life;
  }

  private static UUID parse(String field, String text) {
    try {
      return PrefixedId.parse(PREFIX, text);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of(field, text, PREFIX + "_ and 26 characters");
    }
  }
}
