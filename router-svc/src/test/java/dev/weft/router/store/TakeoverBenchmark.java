package dev.weft.router.store;

import dev.weft.parts.junit.ThrowAwayPostgres;
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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long a takeover reads. Arguments: open tasks, ended tasks, and over how many minutes of ids
 * the open ones lie; the ended ones lie over the last twelve hours.
 */
public final class TakeoverBenchmark {
  private static final String FILL =
      """
      INSERT INTO task (id, seq, retry, not_before, expires, fence, last_commit, updated, shape,
        attempt, result_attempt, state, class, failures, losses, tenant)
      SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - (n::bigint * %d * 60000) / %d),
          12, '0') || '7%03d' || lpad(to_hex(n), 16, '0'))::uuid,
        n, 0, 0, 0, 0, 1, now(), 1, 0, 0, %d, 2, 0, 0, 'ten_0123456789abcdefghijklmnop'
      FROM generate_series(1, %d) AS n
      """;
  private static final int ENDED_MINUTES = 720;
  private static final int ROUNDS = 5;

  private TakeoverBenchmark() {}

  public static void main(String[] args) throws Exception {
    int open = Integer.parseInt(args[0]);
    int ended = Integer.parseInt(args[1]);
    int minutes = Integer.parseInt(args[2]);
    try (StoreDatabase store = new StoreDatabase(ThrowAwayPostgres.shared().newDatabase())) {
      long epoch = store.raiseEpoch();
      Count first = new Count();
      store.journal().loadOpen(epoch, first);
      store.execute(FILL.formatted(ENDED_MINUTES, ended, 5, 5, ended));
      store.execute(FILL.formatted(minutes, open, 1, 1, open));
      store.execute(
          "INSERT INTO open_bucket SELECT 0, ARRAY(SELECT generate_series(m - %d - 1, m)), m + 1"
                  .formatted(minutes)
              + " FROM (SELECT floor(extract(epoch FROM now()) / 60)::integer AS m) AS now");
      for (int round = 0; round < ROUNDS; round++) {
        Count count = new Count();
        long from = System.nanoTime();
        store.journal().loadOpen(epoch, count);
        System.out.printf(
            "takeover open=%d ended=%d minutes=%d read=%d %d ms%n",
            open, ended, minutes, count.tasks.get(), (System.nanoTime() - from) / 1_000_000);
      }
    }
  }

  private static final class Count implements OpenRows {
    private final AtomicInteger tasks = new AtomicInteger();

    @Override
    public void head(CellHead head, Instant databaseTime) {}

    @Override
    public void shape(ShapeRow shape) {}

    @Override
    public void drain(WorkerDrain drain) {}

    @Override
    public void task(OpenTask task) {
      tasks.incrementAndGet();
    }

    @Override
    public void failedOn(TaskId task, WorkerId worker) {}

    @Override
    public void spent(TaskId task, Charge charge) {}

    @Override
    public void spentOnTokens(TaskId task, String currency, Charge charge) {}

    @Override
    public void price(TaskId task, long microsPerHour) {}

    @Override
    public void tokens(UsedTokens used) {}

    @Override
    public void modelPrices(ModelPrices prices) {}

    @Override
    public void budget(TenantBudget budget) {}

    @Override
    public void tier(TenantTier tier) {}

    @Override
    public void owner(TaskId task, String user) {}
  }
}
