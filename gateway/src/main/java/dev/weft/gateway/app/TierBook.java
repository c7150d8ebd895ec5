package dev.weft.gateway.app;

import dev.weft.gateway.domain.TenantTier;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tenants' tiers as this gateway last heard of them. What is older than {@link #FRESH} is asked for
 * anew, once for all that come. As long as there is no answer, what was known last counts, however
 * old; of a tenant that is not known the failure is passed on, for an unknown limit is no licence.
 */
public final class TierBook {

  /** For so long what was heard is not asked for again. */
  static final Duration FRESH = Duration.ofSeconds(5);

  /** How long a new answer is waited for where an old one is known. */
  static final Duration PATIENCE = Duration.ofMillis(250);

  /** A question that failed is not repeated earlier, where an old answer is known. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  private static final int MANY = 10_000;

  private final TierSource source;
  private final Ticker ticker;
  private final Later later;
  private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();

  public TierBook(TierSource source, Ticker ticker, Later later) {
    this.source = source;
    this.ticker = ticker;
    this.later = later;
  }

  /** The tenant's tier; empty if it has none. */
  public CompletionStage<Optional<TenantTier>> of(String tenant) {
    Entry entry = entries.get(tenant);
    if (entry == null) {
      forgetOld();
      entry = entries.computeIfAbsent(tenant, _ -> new Entry());
    }
    return entry.tier(tenant);
  }

  private void forgetOld() {
    if (entries.size() >= MANY) {
      entries.values().removeIf(Entry::old);
    }
  }

  /** What was heard, which may be that there is no tier. */
  private record Heard(Optional<TenantTier> tier) {}

  /** What is known of one tenant. */
  private final class Entry {
    private @Nullable Heard last;
    private long goodUntil;
    private @Nullable CompletableFuture<Optional<TenantTier>> question;

    CompletionStage<Optional<TenantTier>> tier(String tenant) {
      CompletableFuture<Optional<TenantTier>> asked;
      Heard known;
      synchronized (this) {
        known = last;
        if (known != null && (question != null || good())) {
          return CompletableFuture.completedStage(known.tier);
        }
        if (question != null) {
          return question;
        }
        asked = new CompletableFuture<>();
        question = asked;
      }
      if (known != null) {
        Optional<TenantTier> old = known.tier;
        later.run(PATIENCE, () -> asked.complete(old));
      }
      long now = ticker.nanos();
      source
          .tier(tenant)
          .whenComplete(
              (tier, failure) -> {
                if (failure == null) {
                  heard(now, new Heard(tier));
                  asked.complete(tier);
                } else {
                  missed(asked, failure);
                }
              });
      return asked;
    }

    private synchronized void heard(long asked, Heard answer) {
      question = null;
      last = answer;
      goodUntil = asked + FRESH.toNanos();
    }

    private void missed(CompletableFuture<Optional<TenantTier>> asked, Throwable failure) {
      Heard known;
      synchronized (this) {
        question = null;
        goodUntil = ticker.nanos() + PAUSE.toNanos();
        known = last;
      }
      if (known == null) {
        asked.completeExceptionally(failure);
      } else {
        asked.complete(known.tier);
      }
    }

    private boolean good() {
      return goodUntil - ticker.nanos() > 0;
    }

    synchronized boolean old() {
      return question == null && !good();
    }
  }
}
