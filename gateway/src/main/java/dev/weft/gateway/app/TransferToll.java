package dev.weft.gateway.app;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.RateBound;
import dev.weft.gateway.domain.RateVerdict;
import dev.weft.gateway.domain.RateWish;
import dev.weft.gateway.domain.RatedResource;
import dev.weft.gateway.domain.TenantTier;
import dev.weft.platform.error.MeshException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts the bytes of uploads and downloads in their tenants' and users' rates of network bytes.
 * What is known of a transfer is taken before it begins, up to a part of a bucket; the rest is
 * owed, and paid as it comes back. Who owes begins nothing more here. So one transfer costs one
 * question to the shared buckets, and another for each part beyond. What was announced and never
 * came is owed no longer once that is known.
 */
public final class TransferToll {

  /** As for a wish that names no class. */
  private static final int PRIORITY = 2;

  /** How long the tenant's tier is waited for; a transfer needs no cell. */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /** Of one tenant; each name is another user, and may owe as much as an artifact holds. */
  private static final int MOST_DEBTORS = 8;

  private static final Duration LEAST_PAUSE = Duration.ofMillis(20);

  private final RateGate gate;
  private final TierBook tiers;
  private final Later later;
  private final int gateways;
  private final Map<String, Map<String, Debt>> debts = new HashMap<>();

  /**
   * @param gateways most that run at once
   */
  public TransferToll(RateGate gate, TierBook tiers, Later later, int gateways) {
    this.gate = gate;
    this.tiers = tiers;
    this.later = later;
    this.gateways = gateways;
  }

  /**
   * For whom bytes are transferred.
   *
   * @param user the tenant's own word; empty for nobody
   */
  public record Payer(String tenant, String user) {}

  /** A transfer that may go on. */
  @FunctionalInterface
  public interface Pass {

    /** Of a tenant that nothing bounds. */
    Pass FREE = _ -> {};

    /**
     * So many bytes have come or gone in all, and no more will: what is beyond those announced is
     * owed too, what they fall short is not.
     */
    void end(long bytes);
  }

  /** What is still to be taken. */
  private static final class Debt {
    private List<RateBound> bounds;
    private long owed;

    Debt(List<RateBound> bounds) {
      this.bounds = bounds;
    }
  }

  /**
   * Lets a transfer begin, soon; fails with TRANSFER_RATE if it may not yet.
   *
   * @param announced bytes, as far as that is known
   */
  public CompletionStage<Pass> enter(Payer payer, long announced) {
    RateWish wish;
    try {
      wish =
          new RateWish(RatedResource.NETWORK_BYTES, Math.max(1, announced), PRIORITY, payer.user());
    } catch (InvalidRequest e) {
      return CompletableFuture.failedStage(e);
    }
    return tier(payer.tenant())
        .thenCompose(
            tier ->
                tier.map(known -> enter(payer, known, wish))
                    .orElseGet(() -> CompletableFuture.completedStage(Pass.FREE)));
  }

  /** Empty also where nobody says it in time: bytes are not worth being cut off with the cell. */
  private CompletionStage<Optional<TenantTier>> tier(String tenant) {
    CompletableFuture<Optional<TenantTier>> answer = new CompletableFuture<>();
    tiers
        .of(tenant)
        .whenComplete(
            (tier, failure) -> answer.complete(failure == null ? tier : Optional.empty()));
    if (!answer.isDone()) {
      later.run(PATIENCE, () -> answer.complete(Optional.empty()));
    }
    return answer;
  }

  private CompletionStage<Pass> enter(Payer payer, TenantTier tier, RateWish wish) {
    List<RateBound> bounds = RateBound.of(payer.tenant(), tier, wish, gateways);
    RateBound least = least(bounds);
    Duration owes = owes(payer, least);
    if (!owes.isZero()) {
      return CompletableFuture.failedStage(refusal(least, least.limit(), owes, tier));
    }
    long part = part(wish.amount(), bounds);
    return gate.acquire(bounds, part)
        .thenApply(
            verdict -> {
              if (!verdict.allowed()) {
                throw refusal(verdict.nearest(), verdict.usage(), verdict.delay(), tier);
              }
              owe(payer, bounds, wish.amount() - part);
              return pass(payer, bounds, wish.amount());
            });
  }

  private static RateBound least(List<RateBound> bounds) {
    return bounds.stream().min(Comparator.comparingLong(RateBound::limit)).orElseThrow();
  }

  /**
   * What is taken at once: half of what a bucket holds, or of this gateway's own part of it while
   * the shared ones are away. Who takes all would wait behind smaller wishes.
   */
  private long part(long bytes, List<RateBound> bounds) {
    long held = least(bounds).limit() / (gate.local() ? gateways : 1);
    return Math.min(bytes, Math.max(1, held / 2));
  }

  private Pass pass(Payer payer, List<RateBound> bounds, long announced) {
    AtomicBoolean over = new AtomicBoolean();
    return bytes -> {
      if (over.compareAndSet(false, true)) {
        if (bytes < announced) {
          forgive(payer, announced - bytes);
        } else {
          owe(payer, bounds, bytes - announced);
        }
      }
    };
  }

  /** How long until what the payer owes has come back; zero if it may begin another. */
  private synchronized Duration owes(Payer payer, RateBound least) {
    Map<String, Debt> ofTenant = debts.getOrDefault(payer.tenant(), Map.of());
    Debt own = ofTenant.get(payer.user());
    if (own != null) {
      return least.rate().refill((double) own.owed);
    }
    return ofTenant.size() < MOST_DEBTORS ? Duration.ZERO : least.window();
  }

  private void owe(Payer payer, List<RateBound> bounds, long bytes) {
    if (bytes <= 0) {
      return;
    }
    boolean first;
    synchronized (this) {
      Map<String, Debt> ofTenant = debts.computeIfAbsent(payer.tenant(), tenant -> new HashMap<>());
      first = !ofTenant.containsKey(payer.user());
      Debt debt = ofTenant.computeIfAbsent(payer.user(), user -> new Debt(bounds));
      debt.bounds = bounds;
      debt.owed += bytes;
    }
    if (first) {
      pay(payer);
    }
  }

  private synchronized void forgive(Payer payer, long bytes) {
    Debt debt = debts.getOrDefault(payer.tenant(), Map.of()).get(payer.user());
    if (debt != null) {
      debt.owed = Math.max(0, debt.owed - bytes);
    }
  }

  /** Takes a part of what is owed, again and again until it is nothing. */
  private void pay(Payer payer) {
    List<RateBound> bounds;
    long part;
    synchronized (this) {
      Debt debt = debts.getOrDefault(payer.tenant(), Map.of()).get(payer.user());
      if (debt == null || settled(payer, 0)) {
        return;
      }
      bounds = debt.bounds;
      part = part(debt.owed, bounds);
    }
    gate.acquire(bounds, part)
        .thenAccept(
            verdict -> {
              if (!verdict.allowed() || !settled(payer, part)) {
                later.run(pause(verdict, bounds, part), () -> pay(payer));
              }
            });
  }

  private static Duration pause(RateVerdict verdict, List<RateBound> bounds, long part) {
    Duration comesBack =
        verdict.allowed() ? least(bounds).rate().refill((double) part) : verdict.delay();
    return comesBack.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : comesBack;
  }

  private synchronized boolean settled(Payer payer, long part) {
    Map<String, Debt> ofTenant = debts.getOrDefault(payer.tenant(), Map.of());
    Debt debt = ofTenant.get(payer.user());
    if (debt == null) {
      return true;
    }
    debt.owed -= part;
    if (debt.owed > 0) {
      return false;
    }
    ofTenant.remove(payer.user());
    if (ofTenant.isEmpty()) {
      debts.remove(payer.tenant());
    }
    return true;
  }

  private static MeshException refusal(
      RateBound bound, long usage, Duration delay, TenantTier tier) {
    long millis = Math.max(1, Math.ceilDiv(delay.toNanos(), 1_000_000L));
    boolean ofUser = bound.priority().isEmpty();
    String whose = ofUser ? "a user" : "the tenant";
    return new MeshException(
            GatewayReason.TRANSFER_RATE,
            "uploads and downloads: %d of %d bytes a second of %s are used up, %s (expected: a pause of %d ms)"
                .formatted(usage, bound.limit(), whose, tier.title(), millis))
        .with("allowed", false)
        .with("resource", RatedResource.NETWORK_BYTES.name())
        .with("throttle_delay_ms", millis)
        .with("current_usage", usage)
        .with("limit", bound.limit())
        .with("retry_after", Math.ceilDiv(millis, 1_000L))
        .with("class", "P" + bound.priority().orElse(PRIORITY))
        .with("of_user", ofUser)
        .with("tier", tier.tier().name())
        .retryAfter(Duration.ofMillis(millis));
  }
}
