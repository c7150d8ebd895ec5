package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.FakeBudgets;
import dev.weft.router.app.FakeCosts;
import dev.weft.router.app.FakeModelPrices;
import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.ModelPrice;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TenantSpending;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.cost.UncountedDay;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.placement.Destination;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tokens of models cost money of budgets, and have a budget of their own, while they are used. */
class TokenMoneyTest {

  /** A micro per millisecond, as a token is a micro. */
  private static final long PRICE = 3_600_000;

  private static final long FREE = 0;
  private static final RetryTerms SOON = new RetryTerms(3, true, 100, 100);

  private final CellFixture mesh = new CellFixture();
  private final FakeBudgets book = new FakeBudgets(mesh.store);
  private final FakeModelPrices models = new FakeModelPrices(mesh.store);
  private final List<TestLink> links = new ArrayList<>();
  private long renewals;

  @Test
  void aTaskIsKilledAsSoonAsItsTimeAndItsTokensCostWhatItMay() {
    price("small", "USD");
    TestLink link = join(1, 1, PRICE);
    TaskId id = capped(10_000);
    run(Duration.ofSeconds(2));
    used(link, 5_000);
    assertThat(link.cancelled).isEmpty();

    run(Duration.ofSeconds(4));

    assertThat(mesh.state(id)).isEqualTo(TaskState.FAILED);
    assertThat(link.cancelled).hasSize(1);
    assertThat(problem(id).message()).startsWith("budget: 0.010000 USD, of which 0.009");
  }

  @Test
  void onAFreeWorkerTokensAloneEndIt() {
    price("small", "USD");
    TestLink link = join(1, 1, FREE);
    TaskId id = capped(10_000);
    mesh.commit();
    used(link, 9_999);
    run(Duration.ofSeconds(60));
    assertThat(link.cancelled).isEmpty();

    used(link, 10_000);
    run(Duration.ofMillis(100));

    assertThat(mesh.state(id)).isEqualTo(TaskState.FAILED);
    assertThat(problem(id).metadata()).containsEntry("spent", "0.010000");
  }

  @Test
  void tokensWithoutAPriceOrInAnotherCurrencyCostABudgetNothing() {
    price("small", "EUR");
    TestLink link = join(1, 1, FREE);
    TaskId id = capped(10_000);
    mesh.commit();

    used(link, 50_000);
    run(Duration.ofSeconds(1));

    assertThat(mesh.state(id)).isIn(TaskState.LEASED, TaskState.RUNNING);
  }

  @Test
  void aRetryRunsOnWhatTheTokensOfTheFirstLeftAlsoAfterATakeover() {
    price("small", "USD");
    TestLink link = join(1, 1, FREE);
    TaskId id = capped(10_000);
    mesh.commit();
    used(link, 6_000);
    mesh.fail(link, link.last());
    run(Duration.ofSeconds(1));
    assertThat(link.assigned).hasSize(2);
    used(link, 3_000);
    run(Duration.ofSeconds(6));

    TestLink again = takeOver(1, FREE, link);
    run(Duration.ofSeconds(1));
    assertThat(mesh.state(id)).isIn(TaskState.LEASED, TaskState.RUNNING);
    used(again, 4_000);
    run(Duration.ofMillis(100));

    assertThat(mesh.state(id)).isEqualTo(TaskState.FAILED);
    assertThat(problem(id).metadata()).containsEntry("spent", "0.010000");
  }

  @Test
  void aPriceThatIsSetWhileAnAttemptRunsCountsForTheNext() {
    TestLink link = join(1, 1, FREE);
    TaskId id = capped(10_000);
    mesh.commit();
    run(Duration.ofSeconds(1));
    price("small", "USD");
    used(link, 20_000);
    run(Duration.ofSeconds(1));
    assertThat(link.cancelled).isEmpty();
    mesh.fail(link, link.last());
    run(Duration.ofSeconds(1));

    used(link, 20_000);
    run(Duration.ofMillis(100));

    assertThat(mesh.state(id)).isEqualTo(TaskState.FAILED);
  }

  @Test
  void aTenantsTokensCostItsMoneyAndWhatRunsIsKilledAtTheCapWhileTheRestWaits() {
    price("small", "USD");
    TestLink link = join(1, 2, FREE);
    budget(new Budget(10_000, "USD"), 0);
    List<TaskId> tasks = List.of(submit(), submit());
    mesh.commit();
    assertThat(link.assigned).hasSize(2);
    mesh.cell.used(link.worker, link.assigned.getFirst(), use(6_000));
    mesh.pass(Duration.ofMillis(100));
    assertThat(state().usedMicros()).isEqualTo(6_000);

    mesh.cell.used(link.worker, link.assigned.getLast(), use(4_500));
    mesh.pass(Duration.ofMillis(200));

    assertThat(mesh.state(tasks.getLast())).isEqualTo(TaskState.FAILED);
    assertThat(problem(tasks.getLast()).metadata()).containsEntry("scope", "tenant");
    assertThat(state().usedMicros()).isEqualTo(10_500);
    assertThat(state().leftMicros()).isZero();
    TaskId next = submit();
    mesh.succeed(link, link.assigned.getFirst());
    run(Duration.ofMillis(200));
    assertThat(why(next))
        .contains("wait: the tenant's budget of 0.010000 USD a day has 0.000000 left");
  }

  @Test
  void onAFreeWorkerTooATaskReservesWhatItsTokensMayCost() {
    price("small", "USD");
    TestLink link = join(1, 4, FREE);
    budget(new Budget(10_000, "USD"), 0);
    capped(8_000);
    TaskId second = capped(8_000);
    mesh.commit();

    assertThat(link.assigned).hasSize(1);
    assertThat(state().leftMicros()).isEqualTo(2_000);
    assertThat(why(second)).contains("0.010000 USD a day has 0.002000 left");
  }

  @Test
  void theNextPlacerKnowsWhatTheTokensOfTheDayCost() {
    price("small", "USD");
    TestLink link = join(1, 2, PRICE);
    budget(new Budget(500_000, "USD"), 0);
    submit();
    submit();
    mesh.commit();
    mesh.cell.used(link.worker, link.assigned.getFirst(), use(50_000));
    mesh.cell.used(link.worker, link.assigned.getLast(), use(7_000));
    run(Duration.ofSeconds(8));
    mesh.succeed(link, link.assigned.getFirst());
    long before = state().usedMicros();
    assertThat(before).isBetween(57_000L + 15_000, 57_000L + 17_500);

    takeOver(1, PRICE, link);
    mesh.pass(Duration.ofMillis(200));
    count();

    assertThat(state().usedMicros()).isBetween(before, before + 500);
  }

  @Test
  void allThatRunsAtOnceUsesNoMoreTokensThanTheTenantMay() {
    TestLink link = join(1, 8, FREE);
    budget(Budget.NONE, 25_000);
    List<TaskId> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      tasks.add(submit());
    }
    mesh.commit();
    assertThat(link.assigned).as("10,000 are reserved for what nothing is known of").hasSize(2);
    assertThat(why(tasks.getLast()))
        .startsWith(
            "wait: the tenant's budget of 25000 tokens of models a day has 5000 left, which is too"
                + " little for it; it begins anew at 2026-03-02T00:00:00Z");
    assertThat(state().tokens().reserved()).isEqualTo(20_000);

    mesh.cell.used(link.worker, link.assigned.getFirst(), use(14_000));
    mesh.pass(Duration.ofMillis(200));
    assertThat(link.cancelled).as("it is given what there is").isEmpty();
    assertThat(state().tokens().used()).isEqualTo(14_000);
    assertThat(state().tokens().left()).isZero();
    mesh.cell.used(link.worker, link.assigned.getLast(), use(10_000));
    mesh.pass(Duration.ofMillis(200));
    assertThat(link.cancelled).hasSize(1);
    mesh.cell.used(link.worker, link.assigned.getFirst(), use(15_000));
    mesh.pass(Duration.ofMillis(200));

    assertThat(link.cancelled).hasSize(2);
    Problem problem = problem(tasks.getFirst());
    assertThat(problem.reason()).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(problem.message())
        .isEqualTo(
            "the tenant's budget: 25000 tokens of models a day, all of which are used or reserved"
                + " until 2026-03-02T00:00:00Z");
    assertThat(problem.metadata())
        .containsEntry("scope", "tenant_tokens")
        .containsEntry("budget", "25000");
    assertThat(state().tokens().used()).isEqualTo(25_000);
    assertThat(link.assigned).as("the rest waits").hasSize(2);
  }

  @Test
  void whatIsNotUsedIsReleasedAndWorkThatUsesNoneReservesNoneAfterAWhile() {
    TestLink link = join(1, 4, FREE);
    budget(Budget.NONE, 10_000);
    for (int i = 0; i < 30; i++) {
      submit();
    }
    mesh.commit();
    assertThat(link.assigned).hasSize(1);

    for (int i = 0; i < 12; i++) {
      mesh.succeed(link, link.last());
      run(Duration.ofMillis(100));
    }

    assertThat(link.assigned.size()).as("several at once").isGreaterThan(14);
    assertThat(state().tokens().used()).isZero();
  }

  @Test
  void aTaskWithABudgetOfItsOwnReservesIt() {
    TestLink link = join(1, 4, FREE);
    budget(Budget.NONE, 5_000);
    TaskId first = withTokens(3_000);
    TaskId second = withTokens(3_000);
    mesh.commit();

    assertThat(link.assigned).hasSize(1);
    assertThat(state().tokens().left()).isEqualTo(2_000);
    used(link, 3_000);
    assertThat(problem(first).metadata()).containsEntry("scope", "tokens");
    run(Duration.ofMillis(200));
    assertThat(mesh.state(second)).as("the rest is worth a start").isEqualTo(TaskState.LEASED);
  }

  @Test
  void theNextPlacerCountsTheDaysTokensOnceAndTheWorkersWordsAgainAreNoNews() {
    TestLink link = join(1, 2, FREE);
    budget(Budget.NONE, 100_000);
    submit();
    submit();
    mesh.commit();
    mesh.cell.used(link.worker, link.assigned.getFirst(), use(4_000));
    mesh.cell.used(link.worker, link.assigned.getLast(), use(3_000));
    run(Duration.ofSeconds(6));
    mesh.succeed(link, link.assigned.getFirst());

    AttemptKey running = link.last();
    TestLink again = takeOver(1, FREE, link);
    TaskId next = submit();
    mesh.commit();
    assertThat(why(next)).isEqualTo("wait: what the tenant has spent today is being counted");
    mesh.pass(Duration.ofMillis(200));
    count();
    mesh.cell.used(again.worker, running, use(3_000));

    assertThat(state().tokens().used()).isEqualTo(7_000);
    assertThat(mesh.state(next)).isEqualTo(TaskState.LEASED);
    mesh.cell.used(again.worker, running, use(3_500));
    assertThat(state().tokens().used()).isEqualTo(7_500);
  }

  @Test
  void atMidnightTheDayBeginsAnewAndOnlyWhatIsToldSinceCounts() {
    TestLink link = join(1, 2, FREE);
    mesh.stall(Duration.ofHours(24).minusSeconds(20));
    mesh.cell.hello(link, link.hello(2, 2));
    budget(Budget.NONE, 12_000);
    TaskId first = submit();
    TaskId second = submit();
    mesh.commit();
    mesh.cell.used(link.worker, link.last(), use(11_000));
    run(Duration.ofSeconds(1));
    assertThat(why(second)).contains("has 0 left");

    run(Duration.ofSeconds(25));

    assertThat(state().tokens().used()).isZero();
    assertThat(mesh.state(second)).isIn(TaskState.LEASED, TaskState.RUNNING);
    mesh.cell.used(link.worker, link.assigned.getFirst(), use(11_500));
    mesh.pass(Duration.ofMillis(200));
    assertThat(state().tokens().used()).isEqualTo(500);
    assertThat(mesh.state(first)).isIn(TaskState.LEASED, TaskState.RUNNING);
    run(Duration.ofSeconds(6));
    takeOver(1, FREE, link);
    mesh.pass(Duration.ofMillis(200));
    count();
    assertThat(state().tokens().used()).isEqualTo(500);
  }

  @Test
  void aBudgetInTokensAloneAsksForNoPriceAndAHigherOneLetsWhatWaitsStart() {
    TestLink link = mesh.join(view(1, new Site("us", 50, 0, "")), 3);
    budget(Budget.NONE, 10_000);
    submit();
    submit();
    mesh.commit();
    assertThat(link.assigned).hasSize(1);

    budget(Budget.NONE, 20_000);
    assertThat(link.assigned).hasSize(2);
    submit();
    mesh.cell.tenants().removeBudget("acme");
    mesh.commit();
    assertThat(link.assigned).hasSize(3);
  }

  private void price(String model, String currency) {
    models.put(
        mesh.cell.epoch(), new ModelPrice(model, currency, 1_000_000, 1_000_000), "ops/root");
    mesh.cell.tenants().setModelPrices(models.read());
  }

  private void budget(Budget daily, long tokens) {
    TenantBudget budget = new TenantBudget("acme", daily, tokens);
    book.put(mesh.cell.epoch(), budget, "test");
    mesh.cell.tenants().setBudget(budget);
    mesh.pass(Duration.ofMillis(100));
    count();
  }

  private void count() {
    for (UncountedDay day : mesh.cell.view().uncounted()) {
      mesh.cell.tenants().count(day, book.spent(day));
    }
    mesh.commit();
  }

  private TaskId submit() {
    return mesh.submit(CellFixture.terms(PriorityClass.P4, Workers.ANY_SHELL, SOON));
  }

  private TaskId capped(long micros) {
    return submit(new Destination("", "", new Budget(micros, "USD"), Optional.empty()));
  }

  private TaskId withTokens(long tokens) {
    return submit(new Destination("", "", Budget.NONE, Optional.empty(), "", tokens));
  }

  private TaskId submit(Destination destination) {
    Requirements need = Workers.in(destination);
    return mesh.submit(CellFixture.terms(PriorityClass.P4, need, SOON));
  }

  private void used(TestLink link, long input) {
    mesh.cell.used(link.worker, link.last(), use(input));
    mesh.commit();
  }

  private static TokenUse use(long input) {
    return new TokenUse(new TreeMap<>(Map.of("small", new TokenCount(input, 0))));
  }

  private TestLink join(int worker, int slots, long price) {
    WorkerView view = view(worker, new Site("us", 50, price, "USD"));
    new FakeCosts(mesh.store)
        .keep(
            mesh.cell.epoch(),
            List.of(new SeenPrice(view.id(), view.name(), price, "USD", Duration.ZERO)));
    TestLink link = mesh.join(view, slots);
    links.add(link);
    return link;
  }

  /** Another placer; the worker is there again with what it runs. */
  private TestLink takeOver(int worker, long price, TestLink before) {
    mesh.takeOver();
    mesh.cell.show(view(worker, new Site("us", 50, price, "USD")), 42);
    TestLink again = new TestLink(Workers.id(worker));
    again.assigned.add(before.last());
    links.clear();
    links.add(again);
    mesh.cell.hello(again, again.hello(1, 2, before.last()));
    mesh.commit();
    return again;
  }

  /** Time passes, and workers renew what they hold. */
  private void run(Duration time) {
    Duration step = Duration.ofMillis(Math.min(1_000, time.toMillis()));
    for (Duration left = time; left.isPositive(); left = left.minus(step)) {
      for (TestLink link : links) {
        mesh.cell.renewal(
            link.worker,
            link,
            ++renewals,
            link.assigned.stream()
                .filter(key -> mesh.cell.view().held(link.worker, key).isPresent())
                .toList());
      }
      mesh.pass(step);
    }
  }

  private static WorkerView view(int number, Site site) {
    return Workers.view(number, Map.of(), site);
  }

  private TenantSpending state() {
    return mesh.cell.view().budgets(Optional.of("acme")).getFirst();
  }

  private String why(TaskId id) {
    return mesh.cell.view().live(id).orElseThrow().waitingFor();
  }

  private Problem problem(TaskId id) {
    return mesh.store.deadLetters().get(id).problem();
  }
}
