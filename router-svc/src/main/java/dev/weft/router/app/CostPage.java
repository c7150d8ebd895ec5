package dev.weft.router.app;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tasks newest first, other groups by their key; within a group by currency.
 *
 * @param next the {@code after} of the next page; empty at the end
 */
public record CostPage(List<Line> lines, Optional<Place> next) {

  /**
   * A line among others.
   *
   * @param key the id of a task or worker as a UUID, a tenant, a day (2026-01-02) or a class (P0)
   * @param currency empty for attempts without a price
   */
  public record Place(String key, String currency) {}

  /**
   * @param name of the line's worker, if it is one
   * @param time the workers' price times their time; nothing without a currency
   * @param unpriced workers without a price, at most {@link CostReader#MOST_UNPRICED}
   */
  public record Line(
      Place place,
      String name,
      Work work,
      Charge time,
      Models models,
      List<UnpricedWorker> unpriced) {

    /** Of time and of tokens. */
    public Charge charge() {
      return time.plus(models.charge());
    }
  }

  /**
   * How much was done.
   *
   * @param tokens of models, of attempts whose lease lies in the line
   */
  public record Work(long tasks, long attempts, Duration ran, TokenCount tokens) {}

  /**
   * What the tokens of a line cost.
   *
   * @param charge of models with a price
   * @param unpriced tokens of the others
   * @param unpricedModel one of those; empty without any
   */
  public record Models(Charge charge, TokenCount unpriced, String unpricedModel) {

    public static final Models NONE = new Models(Charge.NONE, TokenCount.NONE, "");
  }

  /** A worker of which no price is known. */
  public record UnpricedWorker(WorkerId id, String name) {}
}
