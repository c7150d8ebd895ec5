package dev.weft.router.app;

import dev.weft.router.domain.cost.DatedPrice;
import dev.weft.router.domain.cost.ModelPrice;
import dev.weft.router.domain.cost.ModelPrices;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The prices of models of a {@link FakeCell}. */
public final class FakeModelPrices implements ModelPriceBook {

  private final FakeCell cell;
  private final List<DatedPrice> changes = new ArrayList<>();
  private boolean replyIsLost;

  public FakeModelPrices(FakeCell cell) {
    this.cell = cell;
  }

  /** The next change is stored, and its caller does not hear of it. */
  public void loseNextReply() {
    replyIsLost = true;
  }

  @Override
  public ModelPrices read() {
    synchronized (cell) {
      return cell.modelPrices;
    }
  }

  @Override
  public DatedPrice put(long epoch, ModelPrice price, String author) {
    synchronized (cell) {
      cell.check(epoch);
      Instant now = cell.clock.instant().truncatedTo(ChronoUnit.MICROS);
      Instant after =
          changes.isEmpty() ? Instant.MIN : changes.getLast().since().plus(1, ChronoUnit.MICROS);
      DatedPrice change =
          new DatedPrice(price, changes.size() + 1L, now.isAfter(after) ? now : after, author);
      changes.add(change);
      cell.modelPrices = new ModelPrices(changes);
      if (replyIsLost) {
        replyIsLost = false;
        throw new JournalException.Unavailable("lost", new IOException("broken pipe"));
      }
      return change;
    }
  }
}
