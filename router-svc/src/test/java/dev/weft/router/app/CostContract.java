package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.app.CostModel.Ran;
import dev.weft.router.app.CostPage.Line;
import dev.weft.router.app.CostPage.UnpricedWorker;
import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.CostGroup;
import dev.weft.router.domain.cost.DatedPrice;
import dev.weft.router.domain.cost.DaySpent;
import dev.weft.router.domain.cost.ModelPrice;
import dev.weft.router.domain.cost.ModelPrices;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.cost.UncountedDay;
import dev.weft.router.domain.journal.EndedAttempt;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.journal.UsedTokens;
import dev.weft.router.domain.placement.Destination;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How every store keeps prices and sums up costs, held against {@link CostModel}. */
public abstract class CostContract {

  private static final Instant LATER = Instant.parse("9000-01-01T00:00:00Z");
  private static final String TENANT = BatchDraft.TENANT;
  private static final String OTHER = "ten_b";
  private static final WorkerId WORKER = BatchDraft.WORKER;

  private final BatchDraft.Memory memory = new BatchDraft.Memory();
  private CellJournal journal;
  private CellReader reader;
  private CostReader costs;
  private PriceStore prices;
  private BudgetBook budgets;
  private ModelPriceBook models;
  private long epoch;

  /** Over an empty cell. */
  protected abstract CellFixture emptyCell() throws Exception;

  @BeforeEach
  void open() throws Exception {
    CellFixture cell = emptyCell();
    journal = cell.journal();
    reader = cell.reader();
    costs = cell.costs();
    prices = cell.prices();
    budgets = cell.budgets();
    models = cell.modelPrices();
    epoch = cell.raiseEpoch();
    journal.loadOpen(epoch, new LoadedRows());
  }

  @Test
  void aSucceededTaskCostsItsPriceTimesItsTime() {
    prices.keep(epoch, List.of(usd(WORKER, 2_500_000)));
    TaskId task = succeeded(TENANT);

    Line line = page(CostGroup.TASK, TENANT).lines().getFirst();

    Ran ran = stored(TENANT, task).getFirst();
    Duration time = Duration.between(ran.started(), ran.ended());
    assertThat(line.place()).isEqualTo(new CostPage.Place(task.toString(), "USD"));
    assertThat(line.charge()).isEqualTo(Charge.of(2_500_000, time));
    assertThat(line.work()).isEqualTo(new CostPage.Work(1, 1, time, TokenCount.NONE));
    assertThat(line.unpriced()).isEmpty();
  }

  @Test
  void lostAttemptsCostTooAndEveryGroupingIsAsTheModelSays() {
    prices.keep(epoch, List.of(usd(WORKER, 2_500_000)));
    List<TaskId> tasks = List.of(lostOnce(TENANT), succeeded(TENANT), succeeded(TENANT));
    List<Ran> ran = tasks.stream().flatMap(task -> stored(TENANT, task).stream()).toList();
    CostModel model = new CostModel();
    model.price(usd(WORKER, 2_500_000), Instant.EPOCH);

    for (CostGroup group : CostGroup.values()) {
      assertThat(page(group, TENANT).lines())
          .as(group.name())
          .isEqualTo(model.lines(ran, group, Instant.EPOCH, Instant.MAX));
    }
    assertThat(page(CostGroup.TENANT, TENANT).lines().getFirst().work().attempts()).isEqualTo(4);
    // The lost attempt began in January and ended now.
    assertThat(page(CostGroup.DAY, TENANT).lines()).hasSizeGreaterThan(30);
  }

  @Test
  void ofAnOpenTaskWithABudgetATakeoverReadsWhatItSpentAndThePriceOfItsLease() {
    prices.keep(epoch, List.of(usd(WORKER, 2_500_000)));
    BatchDraft draft = memory.next();
    draft.shape(
        3,
        TENANT,
        Workers.in(
            new Destination("", "", new Budget(1_000_000_000_000L, "USD"), Optional.empty())));
    LeaseRef first = draft.lease(1);
    TaskId task = draft.admit(memory.newId(), TENANT, "", first);
    TaskId waiting = draft.admit(memory.newId(), TENANT, "", null);
    journal.commit(epoch, draft.done());
    BatchDraft next = memory.next();
    next.end(task, first, AttemptState.LOST, null);
    next.change(task, new TaskProgress(TaskState.LEASED, 0, 0, 1, next.lease(2), 0));
    journal.commit(epoch, next.done());
    prices.keep(epoch, List.of(usd(WORKER, 5_000_000)));

    LoadedRows loaded = new LoadedRows();
    journal.loadOpen(epoch, loaded);

    Ran lost = stored(TENANT, task).getLast();
    Duration time = Duration.between(lost.started(), lost.ended());
    assertThat(loaded.spent).containsExactly(Map.entry(task, Charge.of(2_500_000, time)));
    assertThat(loaded.prices).containsExactly(Map.entry(task, 2_500_000L));
    assertThat(loaded.tasks).containsKey(waiting);
  }

  @Test
  void theTokensOfEachAttemptLieWhereItsLeaseDoes() {
    BatchDraft draft = memory.next();
    LeaseRef first = draft.lease(1);
    TaskId task = draft.admit(memory.newId(), TENANT, "", first);
    journal.commit(epoch, draft.done());
    journal.commit(epoch, memory.next().tokens(task, 1, "small", 7, 1).done());
    BatchDraft lost = memory.next().end(task, first, AttemptState.LOST, null);
    lost.tokens(task, 1, "small", 100, 20).tokens(task, 1, "large", 5, 5);
    LeaseRef second = lost.lease(2);
    journal.commit(
        epoch, lost.change(task, new TaskProgress(TaskState.LEASED, 0, 0, 1, second, 0)).done());
    BatchDraft done = memory.next().succeed(task, second, "done");
    journal.commit(epoch, done.tokens(task, 2, "small", 1_000, 300).done());
    succeeded(TENANT);

    assertThat(of(task).getFirst().work().tokens()).isEqualTo(new TokenCount(1_105, 325));
    assertThat(page(CostGroup.TENANT, TENANT).lines().getFirst().work().tokens())
        .isEqualTo(new TokenCount(1_105, 325));
    // The lost attempt began in January: the range takes its time, and the second one's tokens.
    CostQuery lately =
        new CostQuery(
            Optional.of(TENANT),
            CostGroup.TENANT,
            Instant.now().minusSeconds(3_600),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            10);
    assertThat(get(costs.costs(lately)).lines().getFirst().work().tokens())
        .isEqualTo(new TokenCount(1_000, 300));
    List<Line> days = page(CostGroup.DAY, TENANT).lines();
    assertThat(days.getFirst().work().tokens()).isEqualTo(new TokenCount(105, 25));
    assertThat(days.stream().map(line -> line.work().tokens()).reduce(TokenCount::plus))
        .contains(new TokenCount(1_105, 325));
    assertThat(get(reader.tokens(task)).models())
        .containsExactly(
            Map.entry("large", new TokenCount(5, 5)),
            Map.entry("small", new TokenCount(1_100, 320)));
    assertThat(get(reader.tokens(memory.newId()))).isEqualTo(TokenUse.NONE);
  }

  @Test
  void tokensCostWhatTheirModelDidAtTheLeaseAndThoseOfOthersAreUnpriced() {
    prices.keep(epoch, List.of(usd(WORKER, 2_500_000)));
    TaskId before = used("small", 9_000, 100);
    models.put(epoch, new ModelPrice("small", "USD", 3_000_000, 15_000_000), "ops/root");
    TaskId after = used("small", 1_000, 200);
    models.put(epoch, new ModelPrice("small", "USD", 1, 1), "ops/root");

    Line early = of(before).getFirst();
    assertThat(early.models())
        .isEqualTo(new CostPage.Models(Charge.NONE, new TokenCount(9_000, 100), "small"));
    assertThat(early.charge()).isEqualTo(early.time());
    Line late = of(after).getFirst();
    assertThat(late.models().charge().micros()).isEqualTo(1_000 * 3 + 200 * 15);
    assertThat(late.models().unpriced()).isEqualTo(TokenCount.NONE);
    assertThat(late.models().unpricedModel()).isEmpty();
    assertThat(late.charge()).isEqualTo(late.time().plus(late.models().charge()));
    Line all = page(CostGroup.TENANT, TENANT).lines().getFirst();
    assertThat(all.work().tokens()).isEqualTo(new TokenCount(10_000, 300));
    assertThat(all.models())
        .isEqualTo(
            new CostPage.Models(late.models().charge(), new TokenCount(9_000, 100), "small"));
    assertThat(all.work().attempts()).isEqualTo(2);
  }

  @Test
  void tokensOfAnotherCurrencyThanTheWorkersHaveALineOfTheirOwn() {
    prices.keep(epoch, List.of(usd(WORKER, 2_500_000)));
    models.put(epoch, new ModelPrice("small", "EUR", 1_000_000, 1_000_000), "ops/root");
    TaskId task = used("small", 7, 1);

    List<Line> lines = of(task);

    assertThat(lines).extracting(line -> line.place().currency()).containsExactly("EUR", "USD");
    assertThat(lines.getFirst().models().charge().micros()).isEqualTo(8);
    assertThat(lines.getFirst().time()).isEqualTo(Charge.NONE);
    assertThat(lines.getFirst().work())
        .isEqualTo(new CostPage.Work(1, 1, Duration.ZERO, new TokenCount(7, 1)));
    assertThat(lines.getLast().models()).isEqualTo(CostPage.Models.NONE);
    assertThat(lines.getLast().work().tokens()).isEqualTo(TokenCount.NONE);
    for (CostGroup group : CostGroup.values()) {
      assertThat(page(group, TENANT).lines()).as(group.name()).hasSize(2);
    }
  }

  @Test
  void tokensHaveTheirPriceAlsoOnAWorkerThatHasNone() {
    models.put(epoch, new ModelPrice("small", "USD", 1_000_000, 0), "ops/root");
    TaskId task = used("small", 7, 1);

    List<Line> lines = of(task);

    assertThat(lines).extracting(line -> line.place().currency()).containsExactly("", "USD");
    assertThat(lines.getFirst().unpriced()).hasSize(1);
    assertThat(lines.getLast().charge().micros()).isEqualTo(7);
    assertThat(lines.getLast().unpriced()).isEmpty();
  }

  @Test
  void everyChangeOfAModelsPriceIsAVersionOfTheTableAndATakeoverReadsThemAll() {
    ModelPrice first = new ModelPrice("small", "USD", 1, 2);
    assertThat(models.read().version()).isZero();
    assertThat(models.put(epoch, first, "ops/root").version()).isEqualTo(1);
    models.put(epoch, new ModelPrice("large", "EUR", 3, 4), "ops/root");
    models.put(epoch, ModelPrice.none("small"), "ops/other");

    LoadedRows loaded = new LoadedRows();
    journal.loadOpen(epoch, loaded);

    for (ModelPrices known : List.of(models.read(), loaded.modelPrices)) {
      assertThat(known.version()).isEqualTo(3);
      assertThat(known.table(3))
          .extracting(change -> change.price().model())
          .containsExactly("large");
      assertThat(known.table(2)).extracting(DatedPrice::version).containsExactly(2L, 1L);
      assertThat(known.table(1)).singleElement().extracting(DatedPrice::price).isEqualTo(first);
      assertThat(known.table(1).getFirst().author()).isEqualTo("ops/root");
    }
    assertThatThrownBy(() -> models.put(epoch - 1, first, "ops/root"))
        .isInstanceOf(JournalException.EpochLost.class);
    assertThat(models.read().version()).isEqualTo(3);
  }

  @Test
  void ofAnOpenTaskWithABudgetInTokensATakeoverReadsWhatEachAttemptUsed() {
    BatchDraft draft = memory.next();
    draft.shape(
        3, TENANT, Workers.in(new Destination("", "", Budget.NONE, Optional.empty(), "", 1_000)));
    LeaseRef first = draft.lease(1);
    TaskId task = draft.admit(memory.newId(), TENANT, "", first);
    journal.commit(epoch, draft.done());
    BatchDraft next = memory.next();
    next.end(task, first, AttemptState.LOST, null).tokens(task, 1, "small", 100, 20);
    next.change(task, new TaskProgress(TaskState.LEASED, 0, 0, 1, next.lease(2), 0));
    journal.commit(epoch, next.done());
    BatchDraft later = memory.next();
    later.tokens(task, 2, "small", new TokenCount(3, 4), 20_513, new TokenCount(1, 2));
    journal.commit(epoch, later.done());

    LoadedRows loaded = new LoadedRows();
    journal.loadOpen(epoch, loaded);

    assertThat(loaded.tokens)
        .containsExactlyInAnyOrder(
            new UsedTokens(task, 1, "small", new TokenCount(100, 20), 0, TokenCount.NONE),
            new UsedTokens(task, 2, "small", new TokenCount(3, 4), 20_513, new TokenCount(1, 2)));
  }

  @Test
  void ofTasksWithoutABudgetATakeoverReadsNoCosts() {
    prices.keep(epoch, List.of(usd(WORKER, 2_500_000)));
    BatchDraft draft = memory.next();
    draft.shape(3, TENANT, Workers.ANY_SHELL);
    TaskId task = draft.admit(memory.newId(), TENANT, "", draft.lease(1));
    journal.commit(epoch, draft.tokens(task, 1, "small", 1, 1).done());

    LoadedRows loaded = new LoadedRows();
    journal.loadOpen(epoch, loaded);

    assertThat(loaded.tasks).hasSize(1);
    assertThat(loaded.tokens).isEmpty();
    assertThat(loaded.prices).isEmpty();
    assertThat(loaded.spent).isEmpty();
  }

  @Test
  void aTakeoverReadsEveryTenantsBudgetAsItWasSetLast() {
    TenantBudget first = new TenantBudget(TENANT, new Budget(5, "USD"));
    TenantBudget second = new TenantBudget(TENANT, new Budget(7_000_000, "EUR"));
    TenantBudget other = new TenantBudget(OTHER, new Budget(9, "USD"));
    budgets.put(epoch, first, "ops/root");
    budgets.put(epoch, second, "ops/root");
    budgets.put(epoch, other, "ops/root");
    budgets.put(epoch, new TenantBudget("ten_gone", new Budget(1, "USD")), "ops/root");
    assertThat(budgets.remove(epoch, "ten_gone")).isTrue();
    assertThat(budgets.remove(epoch, "ten_gone")).isFalse();

    LoadedRows loaded = new LoadedRows();
    journal.loadOpen(epoch, loaded);

    assertThat(loaded.budgets).containsExactlyInAnyOrder(second, other);
    assertThat(budgets.of(TENANT)).contains(second);
    assertThat(budgets.of("ten_gone")).isEmpty();
    assertThatThrownBy(() -> budgets.put(epoch - 1, first, "ops/root"))
        .isInstanceOf(JournalException.EpochLost.class);
  }

  @Test
  void whatOfTheDayIsSpentIsTheEndedAttemptsPartOfItInTheBudgetsCurrency() {
    prices.keep(epoch, List.of(usd(WORKER, 2_500_000)));
    List<Ran> ran = new ArrayList<>(stored(TENANT, succeeded(TENANT)));
    ran.addAll(stored(TENANT, lostOnce(TENANT)));
    succeeded(OTHER);
    BatchDraft open = memory.next();
    open.admit(memory.newId(), TENANT, "", open.lease(1));
    journal.commit(epoch, open.done());

    // The lost attempt began in January: of it the part since then counts.
    Instant begin = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
    Charge sum = Charge.NONE;
    for (Ran one : ran) {
      Instant from = one.started().isAfter(begin) ? one.started() : begin;
      sum = sum.plus(Charge.of(2_500_000, Duration.between(from, one.ended())));
    }
    assertThat(ran).hasSize(3);
    assertThat(budgets.spent(new UncountedDay(TENANT, "USD", begin, LATER)))
        .isEqualTo(new DaySpent(sum, 0));
    assertThat(budgets.spent(new UncountedDay(TENANT, "EUR", begin, LATER)).money())
        .isEqualTo(Charge.NONE);
    Instant last = ran.stream().map(Ran::ended).max(Instant::compareTo).orElseThrow();
    assertThat(budgets.spent(new UncountedDay(TENANT, "USD", begin, last)).money()).isEqualTo(sum);
    assertThat(
            budgets.spent(new UncountedDay(TENANT, "USD", begin, last.minusNanos(1_000))).money())
        .isNotEqualTo(sum);
  }

  @Test
  void tokensOfTheDayAreSpentWithTheirMoneyOnceTheirAttemptHasEnded() {
    models.put(epoch, new ModelPrice("small", "USD", 3_000_000, 15_000_000), "ops/root");
    models.put(epoch, new ModelPrice("large", "EUR", 1_000_000, 0), "ops/root");
    Instant begin = Instant.now().truncatedTo(ChronoUnit.DAYS);
    long day = begin.getEpochSecond() / 86_400;
    BatchDraft draft = memory.next();
    LeaseRef first = draft.lease(1);
    TaskId task = draft.admit(memory.newId(), TENANT, "", first);
    LeaseRef second = draft.lease(1);
    TaskId open = draft.admit(memory.newId(), TENANT, "", second);
    journal.commit(epoch, draft.done());
    BatchDraft done = memory.next().succeed(task, first, "done");
    done.tokens(task, 1, "small", new TokenCount(900, 100), day, new TokenCount(400, 10));
    done.tokens(task, 1, "large", new TokenCount(7, 7), day, new TokenCount(5, 0));
    done.tokens(task, 1, "unheard", new TokenCount(8, 0), day - 1, new TokenCount(8, 0));
    done.tokens(open, 1, "small", new TokenCount(1, 1), day, new TokenCount(1, 1));
    journal.commit(epoch, done.done());

    assertThat(budgets.spent(new UncountedDay(TENANT, "USD", begin, LATER)))
        .isEqualTo(
            new DaySpent(
                new ModelPrice("small", "USD", 3_000_000, 15_000_000)
                    .charge(new TokenCount(400, 10)),
                415));
    assertThat(budgets.spent(new UncountedDay(TENANT, "EUR", begin, LATER)).money().micros())
        .isEqualTo(5);
    assertThat(budgets.spent(new UncountedDay(TENANT, "", begin, LATER)))
        .isEqualTo(new DaySpent(Charge.NONE, 415));
    assertThat(budgets.spent(new UncountedDay(OTHER, "USD", begin, LATER)).tokens()).isZero();
  }

  @Test
  void ofATenantsOpenTasksATakeoverReadsWhatTheyUsedAndOfItsBudgetsBothParts() {
    TenantBudget both = new TenantBudget(TENANT, new Budget(5, "USD"), 7);
    TenantBudget tokens = new TenantBudget(OTHER, Budget.NONE, 9);
    budgets.put(epoch, tokens, "ops/root");
    budgets.put(epoch, new TenantBudget(TENANT, Budget.NONE, 1), "ops/root");
    budgets.put(epoch, both, "ops/root");
    BatchDraft draft = memory.next();
    draft.shape(3, TENANT, Workers.ANY_SHELL);
    TaskId task = draft.admit(memory.newId(), TENANT, "", draft.lease(1));
    journal.commit(epoch, draft.tokens(task, 1, "small", 1, 1).done());

    LoadedRows loaded = new LoadedRows();
    journal.loadOpen(epoch, loaded);

    assertThat(loaded.budgets).containsExactlyInAnyOrder(both, tokens);
    assertThat(loaded.tokens).hasSize(1);
    assertThat(loaded.prices).isEmpty();
    assertThat(budgets.of(TENANT)).contains(both);
    budgets.put(epoch, new TenantBudget(TENANT, new Budget(5, "USD")), "ops/root");
    assertThat(budgets.of(TENANT)).contains(new TenantBudget(TENANT, new Budget(5, "USD")));
    assertThat(budgets.remove(epoch, OTHER)).isTrue();
    assertThat(budgets.of(OTHER)).isEmpty();
  }

  @Test
  void ofAnOpenTaskWithABudgetATakeoverReadsWhatItsEndedAttemptsSpentOnTokens() {
    models.put(epoch, new ModelPrice("small", "USD", 3_000_000, 0), "ops/root");
    BatchDraft draft = memory.next();
    draft.shape(
        3, TENANT, Workers.in(new Destination("", "", new Budget(5, "USD"), Optional.empty())));
    LeaseRef first = draft.lease(1);
    TaskId task = draft.admit(memory.newId(), TENANT, "", first);
    journal.commit(epoch, draft.done());
    BatchDraft next = memory.next();
    next.end(task, first, AttemptState.LOST, null, Instant.now());
    next.tokens(task, 1, "small", 100, 20).tokens(task, 1, "unheard", 5, 5);
    LeaseRef second = next.lease(2);
    next.change(task, new TaskProgress(TaskState.LEASED, 0, 0, 1, second, 0));
    journal.commit(epoch, next.tokens(task, 2, "small", 7, 0).done());

    LoadedRows loaded = new LoadedRows();
    journal.loadOpen(epoch, loaded);

    assertThat(loaded.spentOnTokens.get(task)).containsOnlyKeys("USD");
    assertThat(loaded.spentOnTokens.get(task).get("USD").micros()).isEqualTo(300);
  }

  @Test
  void onlyWhatRanInTheRangeCounts() {
    prices.keep(epoch, List.of(usd(WORKER, 2_500_000)));
    lostOnce(TENANT);
    Instant since = Instant.parse("2026-01-03T12:00:00Z");
    Instant until = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
    Duration within = Duration.between(since, until);

    Line line =
        get(costs.costs(
                new CostQuery(
                    Optional.of(TENANT),
                    CostGroup.TENANT,
                    since,
                    Optional.of(until),
                    Optional.empty(),
                    Optional.empty(),
                    10)))
            .lines()
            .getFirst();

    assertThat(line.work()).isEqualTo(new CostPage.Work(1, 1, within, TokenCount.NONE));
    assertThat(line.charge()).isEqualTo(Charge.of(2_500_000, within));
  }

  @Test
  void whatRunsCountsUntilNow() throws InterruptedException {
    prices.keep(epoch, List.of(usd(WORKER, 3_600_000_000L)));
    BatchDraft draft = memory.next();
    TaskId task = draft.admit(memory.newId(), TENANT, "", draft.lease(1));
    journal.commit(epoch, draft.done());

    Charge first = of(task).getFirst().charge();
    Charge later = first;
    while (later.micros() <= first.micros()) {
      Thread.onSpinWait();
      later = of(task).getFirst().charge();
    }

    assertThat(later.micros()).isGreaterThan(first.micros());
  }

  @Test
  void attemptsWithoutAPriceAreCountedApartAndNeverCostNothing() {
    prices.keep(epoch, List.of(new SeenPrice(WORKER, "laptop", 0, "", Duration.ZERO)));
    succeeded(TENANT);

    Line line = page(CostGroup.TENANT, TENANT).lines().getFirst();

    assertThat(line.place().currency()).isEmpty();
    assertThat(line.work().attempts()).isEqualTo(1);
    assertThat(line.unpriced()).containsExactly(new UnpricedWorker(WORKER, "laptop"));
  }

  @Test
  void aWorkerThatWasNeverSeenHasNoPriceEither() {
    succeeded(TENANT);

    assertThat(page(CostGroup.WORKER, TENANT).lines())
        .singleElement()
        .satisfies(
            line -> assertThat(line.unpriced()).containsExactly(new UnpricedWorker(WORKER, "")));
  }

  @Test
  void aNewPriceCountsForAttemptsThatAreLeasedSince() {
    prices.keep(epoch, List.of(usd(WORKER, 1_000_000)));
    TaskId before = succeeded(TENANT);
    prices.keep(epoch, List.of(usd(WORKER, 1_000_000)));
    prices.keep(epoch, List.of(new SeenPrice(WORKER, "gpu", 9_000_000, "EUR", Duration.ZERO)));
    TaskId after = succeeded(TENANT);

    assertThat(of(before)).extracting(line -> line.place().currency()).containsExactly("USD");
    assertThat(of(after)).extracting(line -> line.place().currency()).containsExactly("EUR");
    assertThat(page(CostGroup.TENANT, TENANT).lines())
        .extracting(line -> line.place().currency())
        .containsExactly("EUR", "USD");
  }

  @Test
  void anotherTenantsCostsAreNotSeenAndAllTenantsAreApart() {
    prices.keep(epoch, List.of(usd(WORKER, 1_000_000)));
    succeeded(TENANT);
    succeeded(OTHER);
    succeeded(OTHER);

    assertThat(page(CostGroup.TENANT, TENANT).lines())
        .extracting(line -> line.place().key() + " " + line.work().tasks())
        .containsExactly(TENANT + " 1");
    assertThat(get(costs.costs(query(CostGroup.TENANT, Optional.empty(), 10))).lines())
        .extracting(line -> line.place().key() + " " + line.work().tasks())
        .containsExactly(TENANT + " 1", OTHER + " 2");
    assertThat(page(CostGroup.WORKER, "ten_none").lines()).isEmpty();
  }

  @Test
  void pagesGoThroughEveryLineOnce() {
    prices.keep(epoch, List.of(usd(WORKER, 1_000_000)));
    lostOnce(TENANT);
    succeeded(TENANT);
    succeeded(TENANT);

    for (CostGroup group : List.of(CostGroup.TASK, CostGroup.DAY)) {
      List<Line> walked = new ArrayList<>();
      Optional<CostPage.Place> after = Optional.empty();
      do {
        CostPage page =
            get(
                costs.costs(
                    new CostQuery(
                        Optional.of(TENANT),
                        group,
                        Instant.EPOCH,
                        Optional.empty(),
                        Optional.empty(),
                        after,
                        group == CostGroup.TASK ? 2 : 50)));
        walked.addAll(page.lines());
        after = page.next();
      } while (after.isPresent());

      assertThat(walked).as(group.name()).isEqualTo(page(group, TENANT).lines());
    }
  }

  @Test
  void aPlacerThatLostItsCellStoresNoPrice() {
    assertThatThrownBy(() -> prices.keep(epoch - 1, List.of(usd(WORKER, 1))))
        .isInstanceOf(JournalException.EpochLost.class);
  }

  /** A task that has succeeded and used so much. */
  private TaskId used(String model, long input, long output) {
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(1);
    TaskId task = draft.admit(memory.newId(), TENANT, "", lease);
    journal.commit(epoch, draft.done());
    BatchDraft done = memory.next().succeed(task, lease, "done");
    journal.commit(epoch, done.tokens(task, 1, model, input, output).done());
    return task;
  }

  private TaskId succeeded(String tenant) {
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(1);
    TaskId task = draft.admit(memory.newId(), tenant, "", lease);
    journal.commit(epoch, draft.done());
    journal.commit(epoch, memory.next().succeed(task, lease, "done").done());
    return task;
  }

  /** Lost on its first attempt, succeeded on its second. */
  private TaskId lostOnce(String tenant) {
    BatchDraft draft = memory.next();
    LeaseRef first = draft.lease(1);
    TaskId task = draft.admit(memory.newId(), tenant, "", first);
    journal.commit(epoch, draft.done());
    BatchDraft lost = memory.next().end(task, first, AttemptState.LOST, null);
    journal.commit(
        epoch, lost.change(task, new TaskProgress(TaskState.QUEUED, 0, 0, 1, first, 0)).done());
    BatchDraft again = memory.next();
    LeaseRef second = again.lease(2);
    journal.commit(
        epoch, again.change(task, new TaskProgress(TaskState.LEASED, 0, 0, 1, second, 0)).done());
    journal.commit(epoch, memory.next().succeed(task, second, "done").done());
    return task;
  }

  /** The attempts of a task that has succeeded, as the reader shows them. */
  private List<Ran> stored(String tenant, TaskId id) {
    List<Ran> attempts = new ArrayList<>();
    StoredTask task = get(reader.task(tenant, id)).orElseThrow();
    attempts.add(
        new Ran(
            id,
            tenant,
            PriorityClass.P4,
            WORKER,
            Objects.requireNonNull(task.times().attemptStarted()),
            task.times().updated(),
            TokenUse.NONE));
    for (CellReader.StoredAttempt ended : get(reader.attempts(id))) {
      EndedAttempt attempt = ended.attempt();
      attempts.add(
          new Ran(
              id,
              tenant,
              PriorityClass.P4,
              WORKER,
              attempt.startTime(),
              ended.endTime(),
              TokenUse.NONE));
    }
    return attempts;
  }

  private List<Line> of(TaskId task) {
    return get(costs.costs(
            new CostQuery(
                Optional.of(TENANT),
                CostGroup.TASK,
                Instant.EPOCH,
                Optional.empty(),
                Optional.of(task),
                Optional.empty(),
                10)))
        .lines();
  }

  private CostPage page(CostGroup by, String tenant) {
    return get(costs.costs(query(by, Optional.of(tenant), 1_000)));
  }

  private static CostQuery query(CostGroup by, Optional<String> tenant, int size) {
    return new CostQuery(
        tenant, by, Instant.EPOCH, Optional.empty(), Optional.empty(), Optional.empty(), size);
  }

  private static SeenPrice usd(WorkerId worker, long micros) {
    return new SeenPrice(worker, "gpu", micros, "USD", Duration.ZERO);
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
