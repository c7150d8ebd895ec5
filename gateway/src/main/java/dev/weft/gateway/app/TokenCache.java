package dev.weft.gateway.app;

import dev.weft.gateway.domain.AccessToken;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Known tokens, believed for a few seconds from before they were read: that is how long a
 * revocation may take to be felt. Unknown secrets are not kept, so that guesses can't push known
 * ones out.
 */
public final class TokenCache {

  private final Ticker ticker;
  private final long lifeNanos;
  private final Map<SecretHash, Known> entries;

  public TokenCache(Ticker ticker, Duration life, int most) {
    this.ticker = ticker;
    this.lifeNanos = life.toNanos();
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<SecretHash, Known> eldest) {
            return size() > most;
          }
        };
  }

  private record Known(AccessToken token, long readAt) {}

  public synchronized Optional<AccessToken> get(SecretHash secret) {
    @Nullable Known entry = entries.get(secret);
    if (entry == null) {
      return Optional.empty();
    }
    return ticker.nanos() - entry.readAt() < lifeNanos
        ? Optional.of(entry.token())
        : Optional.empty();
  }

  /** Whether it was a token when it was last read, however long ago: no guess, then. */
  public synchronized boolean knew(SecretHash secret) {
    return entries.containsKey(secret);
  }

  /** The secret is no token any more. */
  public synchronized void forget(SecretHash secret) {
    entries.remove(secret);
  }

  /**
   * Keeps what a read found.
   *
   * @param readAt the ticker before the read began
   */
  public synchronized void put(SecretHash secret, AccessToken token, long readAt) {
    entries.put(secret, new Known(token, readAt));
  }
}
