package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.limit.TenantLevels;
import dev.weft.router.domain.limit.TenantTier;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * Tenants' tiers, and how they change: stored first, then told to the cell that keeps them. Every
 * method fails with {@link TaskQueries.Denied} on a replica that does not hold the cell.
 */
public final class TenantTiers {
  private static final Logger LOG = Logger.getLogger(TenantTiers.class);

  private final CellInbox inbox;
  private final TenantTerms<TenantTier, TenantLevels> terms;

  /**
   * @param blocking where calls to the book wait, few at a time; may refuse
   */
  public TenantTiers(CellInbox inbox, TierBook book, Executor blocking) {
    this.inbox = inbox;
    this.terms = new TenantTerms<>(inbox, book, new InCell(), blocking, "tiers");
  }

  /** Of every tenant that has a tier, or of one; in no order. */
  public CompletionStage<List<TenantLevels>> levels(Optional<String> tenant) {
    return TaskQueries.look(inbox, view -> view.levels(tenant));
  }

  /** Done when the tier is durable and the cell keeps it. Fails also as {@link TierBook#put}. */
  public CompletionStage<TenantLevels> set(TenantTier tier, String author) {
    return terms.set(tier.tenant(), tier, author);
  }

  /** Whether there was one. Fails also as {@link TierBook#remove}. */
  public CompletionStage<Boolean> remove(String tenant) {
    return terms.remove(tenant);
  }

  private record InCell() implements TenantTerms.Keeping<TenantTier, TenantLevels> {

    @Override
    public TenantLevels keep(Cell cell, TenantTier tier) {
      cell.tenants().setTier(tier);
      LOG.infof(
          "tenant's tier set tenant=%s tier=%s instances=%d",
          tier.tenant(), tier.tier(), tier.instances());
      return cell.view().levels(Optional.of(tier.tenant())).getFirst();
    }

    @Override
    public boolean drop(Cell cell, String tenant) {
      boolean was = cell.tenants().removeTier(tenant);
      if (was) {
        LOG.infof("tenant's tier removed tenant=%s", tenant);
      }
      return was;
    }
  }
}
