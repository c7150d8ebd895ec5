package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.FakeBudgets;
import dev.weft.router.app.FakeCosts;
import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TenantSpending;
import dev.weft.router.domain.cost.UncountedDay;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.placement.Destination;
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
import org.junit.jupiter.api.Test;

class TenantBudgetTest {

  /** A micro per millisecond, so cost and time are the same number. */
  private static final long PRICE = 3_600_000;

  private static final String NEXT_DAY = "2026-03-02T00:00:00Z";

  private final CellFixture mesh = new CellFixture();
  private final FakeBudgets book = new FakeBudgets(mesh.store);
  private final List<TestLink> links = new ArrayList<>();
  private long renewals;

  @Test
  void allThatRunsAtOnceCostsNoMoreThanTheBudgetAndIsKilledBefore() {
    TestLink link = join(8);
    budget(200_000);
    List<TaskId> tasks = submit(8);
    mesh.commit();
    assertThat(link.assigned).as("60 s and a half are reserved for each").hasSize(3);

    run(Duration.ofSeconds(90));

    assertThat(tasks.stream().filter(id -> mesh.state(id) == TaskState.FAILED)).hasSize(3);
    assertThat(link.cancelled).hasSize(3);
    Problem problem = mesh.store.deadLetters().get(tasks.getFirst()).problem();
    assertThat(problem.reason()).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(problem.message()).contains("tenant's budget: 0.200000 USD a day", NEXT_DAY);
    assertThat(problem.metadata()).containsEntry("scope", "tenant");
    assertThat(spent()).isBetween(190_000L, 200_000L);
  }

  @Test
  void aTaskWaitsForBudgetAndWhySaysWhenTheDayBeginsAnew() {
    TestLink link = join(2);
    budget(100_000);
    List<TaskId> tasks = submit(2);
    mesh.commit();
    assertThat(link.assigned).hasSize(1);
    assertThat(why(tasks.getLast()))
        .isEqualTo(
            "wait: the tenant's budget of 0.100000 USD a day has 0.039500 left, which is too"
                + " little for it; it begins anew at "
                + NEXT_DAY);

    run(Duration.ofSeconds(1));
    mesh.succeed(link, link.last());

    assertThat(link.assigned).as("what was not used is given back").hasSize(2);
    assertThat(spent()).isBetween(900L, 1_200L);
  }

  @Test
  void theLittleThatIsLeftIsWorthAStartWhenNothingElseRuns() {
    TestLink link = join(1);
    budget(30_000);
    TaskId id = submit(1).getFirst();
    run(Duration.ofSeconds(28));
    assertThat(mesh.state(id)).isNotEqualTo(TaskState.FAILED);

    run(Duration.ofSeconds(2));

    assertThat(mesh.state(id)).isEqualTo(TaskState.FAILED);
    assertThat(spent()).isBetween(29_000L, 30_000L);
    assertThat(link.cancelled).hasSize(1);
  }

  @Test
  void whatRunsLongerThanExpectedGoesOnWhileThereIsBudget() {
    join(1);
    budget(300_000);
    TaskId id = submit(1).getFirst();
    run(Duration.ofSeconds(200));
    assertThat(mesh.state(id)).isIn(TaskState.LEASED, TaskState.RUNNING);
    assertThat(state().reservedMicros()).isBetween(20_000L, 101_000L);
    assertThat(state().leftMicros())
        .isEqualTo(300_000 - state().usedMicros() - state().reservedMicros());
  }

  @Test
  void aTaskWithACapReservesAllOfItAndEndsByItsOwn() {
    TestLink link = join(3);
    budget(25_000);
    TaskId first = capped(10_000);
    TaskId second = capped(10_000);
    TaskId third = capped(10_000);
    mesh.commit();
    assertThat(link.assigned).extracting(AttemptKey::task).containsExactly(first, second);

    run(Duration.ofSeconds(11));

    assertThat(message(first)).startsWith("budget: 0.010000 USD, of which");
    assertThat(message(second)).startsWith("budget: 0.010000 USD, of which");
    assertThat(link.assigned).as("the rest is all there is").hasSize(3);
    run(Duration.ofSeconds(6));
    assertThat(message(third)).startsWith("the tenant's budget");
    assertThat(spent()).isBetween(23_000L, 25_000L);
  }

  @Test
  void atMidnightOfUtcTheDayBeginsAnewForWhatWaitsAndForWhatRuns() {
    TestLink link = join(2);
    mesh.stall(Duration.ofHours(24).minusSeconds(20));
    mesh.cell.hello(link, link.hello(2, 2));
    budget(61_000);
    List<TaskId> tasks = submit(2);
    mesh.commit();
    assertThat(link.assigned).hasSize(1);

    run(Duration.ofSeconds(25));

    assertThat(state().resets()).hasToString("2026-03-03T00:00:00Z");
    assertThat(state().usedMicros()).as("since midnight alone").isBetween(5_000L, 6_500L);
    assertThat(mesh.state(tasks.getFirst())).isIn(TaskState.LEASED, TaskState.RUNNING);
  }

  @Test
  void theNextPlacerKnowsWhatWasSpentAndCountsNothingTwice() {
    TestLink link = join(2);
    budget(200_000);
    submit(2);
    run(Duration.ofSeconds(10));
    mesh.succeed(link, link.assigned.getFirst());
    long before = spent();
    assertThat(before).isBetween(19_700L, 20_300L);

    mesh.takeOver();
    TestLink again = rejoin(link.assigned.getLast());
    TaskId next = mesh.submit();
    mesh.commit();
    assertThat(why(next)).isEqualTo("wait: what the tenant has spent today is being counted");
    run(Duration.ofMillis(200));
    count();

    assertThat(again.last().task()).isEqualTo(next);
    assertThat(spent()).isBetween(before + 100, before + 500);
    mesh.succeed(again, link.assigned.getLast());
    assertThat(spent()).isBetween(before + 100, before + 500);
  }

  @Test
  void whatEndsWhileTheDayIsCountedIsCountedOnce() {
    TestLink link = join(2);
    budget(200_000);
    submit(2);
    run(Duration.ofSeconds(10));
    mesh.takeOver();
    rejoin(link.assigned.getFirst(), link.assigned.getLast());
    run(Duration.ofMillis(200));
    List<UncountedDay> asked = mesh.cell.view().uncounted();
    TestLink again = rejoin(link.assigned.getFirst(), link.assigned.getLast());
    mesh.succeed(again, link.assigned.getFirst());

    asked.forEach(day -> mesh.cell.tenants().count(day, book.spent(day)));

    assertThat(spent()).isBetween(20_000L, 21_000L);
  }

  @Test
  void aBudgetThatIsSetWhileWorkRunsCountsWhatTheDayHasCostSoFar() {
    TestLink link = join(2);
    submit(2);
    run(Duration.ofSeconds(5));
    mesh.succeed(link, link.last());

    budget(50_000);

    mesh.pass(Duration.ofMillis(100));
    assertThat(spent()).isBetween(10_000L, 10_400L);
    run(Duration.ofSeconds(41));
    assertThat(link.cancelled).hasSize(1);
    assertThat(spent()).isBetween(49_000L, 50_000L);
  }

  @Test
  void afterATakeoverWhatRunsGetsItsShareBeforeAnythingThatWaits() {
    TestLink link = join(2);
    budget(250_000);
    submit(2);
    run(Duration.ofSeconds(40));
    mesh.takeOver();
    TestLink again = rejoin(link.assigned.getFirst(), link.assigned.getLast());
    TestLink other = mesh.join(view(2, new Site("us", 50, PRICE, "USD")), 4);
    submit(4);
    mesh.pass(Duration.ofMillis(200));

    count();

    assertThat(other.assigned).as("80 s are used, twice 60 s and a half reserved").isEmpty();
    assertThat(state().leftMicros()).isBetween(45_000L, 50_000L);
    run(Duration.ofSeconds(90));
    assertThat(again.cancelled).isNotEmpty();
    assertThat(spent()).isBetween(200_000L, 250_000L);
  }

  @Test
  void whatRunsOnAWorkerWhosePriceIsNotKnownYetKeepsOthersWaiting() {
    TestLink link = join(1);
    budget(100_000);
    submit(1);
    run(Duration.ofSeconds(40));
    mesh.takeOver();
    TestLink other = mesh.join(view(2, new Site("us", 50, PRICE, "USD")), 4);
    TaskId next = mesh.submit(terms());
    mesh.pass(Duration.ofMillis(200));
    count();
    mesh.pass(Duration.ofMillis(200));
    assertThat(other.assigned).isEmpty();
    assertThat(why(next)).isEqualTo("wait: what the tenant has spent today is being counted");
    assertThat(state().counted()).isFalse();

    mesh.cell.show(view(1, new Site("us", 50, PRICE, "USD")), 42);
    mesh.commit();
    assertThat(other.assigned).as("its share is not reserved yet").isEmpty();
    mesh.pass(Duration.ofMillis(100));
    assertThat(why(next)).contains("has 0.000000 left");

    mesh.succeed(rejoin(link.last()), link.last());
    assertThat(mesh.state(next)).isEqualTo(TaskState.LEASED);
  }

  @Test
  void whatWasHeldUpByAnUnknownPriceStartsOnceThatIsKnown() {
    join(1);
    budget(300_000);
    submit(1);
    run(Duration.ofSeconds(40));
    mesh.takeOver();
    TestLink other = mesh.join(view(2, new Site("us", 50, PRICE, "USD")), 4);
    submit(1);
    mesh.pass(Duration.ofMillis(200));
    count();
    assertThat(other.assigned).isEmpty();

    mesh.cell.show(view(1, new Site("us", 50, PRICE, "USD")), 42);
    mesh.pass(Duration.ofMillis(200));

    assertThat(other.assigned).hasSize(1);
  }

  @Test
  void whatIsEndedByABudgetThatWasSetTooLateHoldsWhatItHasCostUntilItsEndIsStored() {
    TestLink link = join(1);
    submit(2);
    run(Duration.ofSeconds(50));

    budget(50_000);

    assertThat(link.cancelled).hasSize(1);
    assertThat(link.assigned).as("nothing is left for the next").hasSize(1);
  }

  @Test
  void whatRunsTogetherIsChargedBeforeAnyOfItIsGivenMore() {
    TestLink link = join(2);
    submit(2);
    run(Duration.ofSeconds(40));

    budget(60_000);

    assertThat(link.cancelled).as("both have cost more than it already").hasSize(2);
  }

  @Test
  void onlyAWorkerWithAPriceInItsCurrencyTakesTheTenantsWork() {
    mesh.join(view(1, new Site("us", 50, 0, "")), 4);
    mesh.join(view(2, new Site("us", 50, PRICE, "EUR")), 4);
    budget(100_000);
    TaskId id = mesh.submit();
    mesh.commit();
    assertThat(why(id)).contains("a price (its profile has no price (needed: one in USD");
    TaskId others = mesh.submit("globex", terms());
    mesh.commit();
    assertThat(mesh.state(others)).as("who has no budget").isEqualTo(TaskState.LEASED);

    TestLink dollars = mesh.join(view(3, new Site("us", 50, PRICE, "USD")), 1);

    assertThat(dollars.assigned).extracting(AttemptKey::task).containsExactly(id);
  }

  @Test
  void whatCostsNothingRunsAlsoWhenNothingIsLeft() {
    TestLink free = mesh.join(view(1, new Site("us", 50, 0, "USD")), 3);
    budget(1_000_000);
    submit(1);
    capped(300_000);
    mesh.commit();
    assertThat(free.assigned).hasSize(2);
    assertThat(spent()).isZero();
    assertThat(state().reservedMicros()).as("also of a cap that can't be spent").isZero();

    budget(1);
    submit(1);
    mesh.commit();
    assertThat(free.assigned).hasSize(3);
  }

  @Test
  void aPriceBeyondAllReasonIsReservedForAsLongAsItLasts() {
    long price = Long.MAX_VALUE / 4;
    assertThat(Grant.micros(price, Duration.ofHours(2).toMillis()))
        .isEqualTo(Long.MAX_VALUE / 4 * 2);
    assertThat(Grant.micros(price, Duration.ofDays(1).toMillis())).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aHigherBudgetOrNoneLetsWhatWaitsStart() {
    TestLink link = join(3);
    budget(70_000);
    submit(3);
    mesh.commit();
    assertThat(link.assigned).hasSize(1);

    budget(130_000);
    assertThat(link.assigned).hasSize(2);

    mesh.cell.tenants().removeBudget("acme");
    mesh.commit();
    assertThat(link.assigned).hasSize(3);
    assertThat(mesh.cell.view().budgets(Optional.empty())).isEmpty();
  }

  @Test
  void whatWaitsForBudgetIsNoDemandForMoreWorkers() {
    join(2);
    budget(70_000);
    submit(2);
    mesh.commit();
    assertThat(mesh.cell.view().demand())
        .singleElement()
        .satisfies(
            demand -> {
              assertThat(demand.queued()).isZero();
              assertThat(demand.running()).isEqualTo(1);
            });
  }

  private void budget(long micros) {
    TenantBudget budget = new TenantBudget("acme", new Budget(micros, "USD"));
    book.put(mesh.cell.epoch(), budget, "test");
    mesh.cell.tenants().setBudget(budget);
    mesh.pass(Duration.ofMillis(100));
    count();
  }

  /** Time passes, and workers renew what they hold. */
  private void run(Duration time) {
    Duration step = Duration.ofMillis(Math.min(1_000, time.toMillis()));
    for (Duration left = time; left.isPositive(); left = left.minus(step)) {
      for (TestLink link : links) {
        List<AttemptKey> held =
            link.assigned.stream()
                .filter(key -> mesh.cell.view().held(link.worker, key).isPresent())
                .toList();
        mesh.cell.renewal(link.worker, link, ++renewals, held);
      }
      mesh.pass(step);
    }
  }

  /** As the keeper does. */
  private void count() {
    for (UncountedDay day : mesh.cell.view().uncounted()) {
      mesh.cell.tenants().count(day, book.spent(day));
    }
    mesh.commit();
  }

  private List<TaskId> submit(int count) {
    List<TaskId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(mesh.submit(terms()));
    }
    return ids;
  }

  private static Submission.Terms terms() {
    return CellFixture.terms(PriorityClass.P4, Workers.ANY_SHELL, RetryTerms.DEFAULT);
  }

  private TaskId capped(long micros) {
    return mesh.submit(
        CellFixture.terms(
            PriorityClass.P4,
            Workers.in(new Destination("", "", new Budget(micros, "USD"), Optional.empty())),
            RetryTerms.DEFAULT));
  }

  private TestLink join(int slots) {
    WorkerView view = view(1, new Site("us", 50, PRICE, "USD"));
    new FakeCosts(mesh.store)
        .keep(
            mesh.cell.epoch(),
            List.of(new SeenPrice(view.id(), view.name(), PRICE, "USD", Duration.ZERO)));
    TestLink link = mesh.join(view, slots);
    links.add(link);
    return link;
  }

  private TestLink rejoin(AttemptKey... running) {
    mesh.cell.show(view(1, new Site("us", 50, PRICE, "USD")), 42);
    TestLink again = new TestLink(Workers.id(1));
    again.assigned.addAll(List.of(running));
    links.clear();
    links.add(again);
    mesh.cell.hello(again, again.hello(1, 2, running));
    mesh.commit();
    return again;
  }

  private static WorkerView view(int number, Site site) {
    return Workers.view(number, Map.of(), site);
  }

  private TenantSpending state() {
    return mesh.cell.view().budgets(Optional.of("acme")).getFirst();
  }

  private long spent() {
    return state().usedMicros();
  }

  private String why(TaskId id) {
    return mesh.cell.view().live(id).orElseThrow().waitingFor();
  }

  private String message(TaskId id) {
    return mesh.store.deadLetters().get(id).problem().message();
  }
}
