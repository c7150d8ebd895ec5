package dev.weft.router.domain.cell;

import dev.weft.router.domain.limit.Level;
import dev.weft.router.domain.limit.TenantLevels;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.task.PriorityClass;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What tenants may have at once. A tenant without a tier is bounded by nothing and costs a look
 * into an often empty map.
 */
final class LevelAccounts {

  private final Map<String, LevelAccount> byTenant = new HashMap<>();

  /** Tenants of which something waits for their limits alone. */
  private final Set<String> refused = new HashSet<>();

  /** Sets a tenant's tier; what it runs already counts. */
  void set(TenantTier tier, Fleet fleet) {
    LevelAccount known = byTenant.get(tier.tenant());
    if (known != null) {
      known.tier(tier);
      return;
    }
    LevelAccount account = new LevelAccount(tier);
    byTenant.put(tier.tenant(), account);
    for (Worker worker : fleet.all()) {
      for (Attempt attempt : worker.openAttempts()) {
        if (attempt.task.tenant().equals(tier.tenant())) {
          account.opened(attempt.task.stream);
        }
      }
    }
  }

  /** Nothing bounds what it has from now on; answers whether something did. */
  boolean remove(String tenant) {
    return byTenant.remove(tenant) != null;
  }

  /** Null without a tier. */
  @Nullable LevelAccount of(String tenant) {
    return byTenant.isEmpty() ? null : byTenant.get(tenant);
  }

  void opened(Attempt attempt) {
    LevelAccount account = of(attempt.task.tenant());
    if (account != null) {
      account.opened(attempt.task.stream);
    }
  }

  void closed(Attempt attempt) {
    LevelAccount account = of(attempt.task.tenant());
    if (account != null) {
      account.closed(attempt.task.stream);
    }
  }

  /** As {@link LevelAccount#holdsBack(TaskStream, boolean)}; remembers what was refused. */
  boolean holdsBack(TaskStream stream, boolean overdue) {
    LevelAccount account = of(stream.shape.tenant);
    if (account == null || !account.holdsBack(stream, overdue)) {
      return false;
    }
    refuse(stream);
    return true;
  }

  private void refuse(TaskStream stream) {
    stream.limited = true;
    refused.add(stream.shape.tenant);
  }

  /** As {@link LevelAccount#admits}; remembers what was refused. */
  boolean admits(TaskStream stream, boolean overdue) {
    LevelAccount account = of(stream.shape.tenant);
    if (account == null || account.admits(stream, overdue)) {
      return true;
    }
    refuse(stream);
    return false;
  }

  /** How many more of these their tenant's limits have room for. */
  int room(TaskStream stream) {
    LevelAccount account = of(stream.shape.tenant);
    return account == null
        ? Integer.MAX_VALUE
        : (int) Math.min(Integer.MAX_VALUE, account.room(stream));
  }

  /** Tenants of which something that was refused may be admitted now; asked once a round. */
  Set<String> takeChanged() {
    if (refused.isEmpty()) {
      return Set.of();
    }
    Set<String> changed = new HashSet<>();
    for (String tenant : refused) {
      LevelAccount account = byTenant.get(tenant);
      if (account == null || account.takeChanged()) {
        changed.add(tenant);
      }
    }
    refused.removeAll(changed);
    return Set.copyOf(changed);
  }

  /**
   * Refuses what could not start if nothing else of its tenant and its user ran; null when it
   * could.
   *
   * @param held what the user holds
   */
  @Nullable Denial refuse(Submission submission, Level held) {
    LevelAccount account = of(submission.tenant());
    if (account == null) {
      return null;
    }
    PriorityClass priority = submission.terms().priority();
    Level need = Level.of(submission.terms().need().resources());
    Denial denial = account.refuse(priority, need);
    boolean named = !submission.spec().user().isEmpty();
    return denial == null && named ? account.refuseUser(priority, need, held) : denial;
  }

  /**
   * Of every tenant with a tier, in no order; or of one.
   *
   * @param users of a tenant
   */
  List<TenantLevels> levels(
      Optional<String> tenant, Function<String, List<TenantLevels.OfUser>> users) {
    return byTenant.values().stream()
        .filter(account -> tenant.map(account.tenant()::equals).orElse(true))
        .map(account -> account.levels(users.apply(account.tenant())))
        .toList();
  }
}
