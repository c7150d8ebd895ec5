package dev.weft.router.domain.journal;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.ModelPrices;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;

/** Takes a cell's stored state row by row. {@link #head} comes first, the rest in any order. */
public interface OpenRows {

  /** The counters, and the database's time. */
  void head(CellHead head, Instant databaseTime);

  void shape(ShapeRow shape);

  void drain(WorkerDrain drain);

  void task(OpenTask task);

  /** An attempt of an open task FAILED on this worker, or was LOST with it. */
  void failedOn(TaskId task, WorkerId worker);

  /** What the ended attempts of an open task with a budget cost. */
  void spent(TaskId task, Charge charge);

  /** What the tokens of those attempts cost, of models with a price in this currency. */
  void spentOnTokens(TaskId task, String currency, Charge charge);

  /**
   * The price at the lease of the current attempt of an open task with a budget. Not told when none
   * is stored.
   */
  void price(TaskId task, long microsPerHour);

  /**
   * What an attempt of an open task with a budget, its own or its tenant's, has used of one model,
   * as far as it is stored.
   */
  void tokens(UsedTokens used);

  /** What models' tokens cost. */
  void modelPrices(ModelPrices prices);

  /** Whose an open task of a tenant with a tier is. Not told of what names no user. */
  void owner(TaskId task, String user);

  void budget(TenantBudget budget);

  void tier(TenantTier tier);
}
