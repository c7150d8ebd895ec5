package dev.weft.router.app;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.ModelPrices;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.journal.CellHead;
import dev.weft.router.domain.journal.OpenRows;
import dev.weft.router.domain.journal.OpenTask;
import dev.weft.router.domain.journal.ShapeRow;
import dev.weft.router.domain.journal.UsedTokens;
import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps what a takeover reads. */
public final class LoadedRows implements OpenRows {

  public CellHead head = CellHead.ZERO;
  public Instant databaseTime = Instant.EPOCH;
  public final List<ShapeRow> shapes = new ArrayList<>();
  public final List<WorkerDrain> drains = new ArrayList<>();
  public final Map<TaskId, OpenTask> tasks = new HashMap<>();
  public final Map<TaskId, List<WorkerId>> failedOn = new HashMap<>();
  public final Map<TaskId, Charge> spent = new HashMap<>();
  public final Map<TaskId, Map<String, Charge>> spentOnTokens = new HashMap<>();
  public final Map<TaskId, Long> prices = new HashMap<>();
  public final List<UsedTokens> tokens = new ArrayList<>();
  public ModelPrices modelPrices = ModelPrices.NONE;
  public final List<TenantBudget> budgets = new ArrayList<>();
  public final List<TenantTier> tiers = new ArrayList<>();
  public final Map<TaskId, String> owners = new HashMap<>();
  public boolean headCameFirst;

  @Override
  public void head(CellHead head, Instant databaseTime) {
    headCameFirst = shapes.isEmpty() && drains.isEmpty() && tasks.isEmpty();
    this.head = head;
    this.databaseTime = databaseTime;
  }

  @Override
  public void shape(ShapeRow shape) {
    shapes.add(shape);
  }

  @Override
  public void drain(WorkerDrain drain) {
    drains.add(drain);
  }

  @Override
  public void task(OpenTask task) {
    tasks.put(task.row().id(), task);
  }

  @Override
  public void failedOn(TaskId task, WorkerId worker) {
    failedOn.computeIfAbsent(task, id -> new ArrayList<>()).add(worker);
  }

  @Override
  public void spent(TaskId task, Charge charge) {
    spent.put(task, charge);
  }

  @Override
  public void spentOnTokens(TaskId task, String currency, Charge charge) {
    spentOnTokens.computeIfAbsent(task, id -> new HashMap<>()).put(currency, charge);
  }

  @Override
  public void price(TaskId task, long microsPerHour) {
    prices.put(task, microsPerHour);
  }

  @Override
  public void tokens(UsedTokens used) {
    tokens.add(used);
  }

  @Override
  public void modelPrices(ModelPrices prices) {
    modelPrices = prices;
  }

  @Override
  public void budget(TenantBudget budget) {
    budgets.add(budget);
  }

  @Override
  public void owner(TaskId task, String user) {
    owners.put(task, user);
  }

  @Override
  public void tier(TenantTier tier) {
    tiers.add(tier);
  }
}
