package dev.weft.router.app;

import dev.weft.router.domain.limit.TenantTier;
import java.io.IOException;
import java.util.Optional;

/** The tiers of a {@link FakeCell}'s tenants. */
public final class FakeTiers implements TierBook {

  private final FakeCell cell;

  private boolean replyIsLost;

  public FakeTiers(FakeCell cell) {
    this.cell = cell;
  }

  /** The next change is stored, and its caller does not hear of it. */
  public void loseNextReply() {
    replyIsLost = true;
  }

  private void reply() {
    if (replyIsLost) {
      replyIsLost = false;
      throw new JournalException.Unavailable("lost", new IOException("broken pipe"));
    }
  }

  @Override
  public void put(long epoch, TenantTier tier, String author) {
    synchronized (cell) {
      cell.check(epoch);
      cell.tiers.put(tier.tenant(), tier);
      reply();
    }
  }

  @Override
  public boolean remove(long epoch, String tenant) {
    synchronized (cell) {
      cell.check(epoch);
      boolean was = cell.tiers.remove(tenant) != null;
      reply();
      return was;
    }
  }

  @Override
  public Optional<TenantTier> of(String tenant) {
    synchronized (cell) {
      return Optional.ofNullable(cell.tiers.get(tenant));
    }
  }
}
