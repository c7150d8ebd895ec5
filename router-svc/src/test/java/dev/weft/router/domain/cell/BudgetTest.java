package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.CellReader.StoredAttempt;
import dev.weft.router.app.FakeCosts;
import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.SeenPrice;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BudgetTest {

  /** A micro per millisecond, so cost and time are the same number. */
  private static final long PRICE = 3_600_000;

  private static final RetryTerms SOON = new RetryTerms(3, true, 100, 100);
  private final CellFixture mesh = new CellFixture();

  @Test
  void beforeItCostsMoreATaskIsKilledAndFailsForGoodWithItsCost() {
    TestLink link = mesh.join(priced(1, PRICE), 1);
    TaskId id = submit(5_000, "USD");
    mesh.commit();
    mesh.pass(Duration.ofMillis(4_400));
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);
    assertThat(link.cancelled).isEmpty();

    mesh.pass(Duration.ofMillis(200));

    assertThat(mesh.state(id)).isEqualTo(TaskState.FAILED);
    assertThat(link.cancelled).containsExactly(link.last());
    Problem problem = mesh.store.deadLetters().get(id).problem();
    assertThat(problem.reason()).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(problem.message()).contains("budget: 0.005000 USD, of which 0.0045");
    assertThat(problem.metadata()).containsEntry("currency", "USD").containsEntry("attempts", "1");
    assertThat(cost(id)).isBetween(4_400L, 5_000L);
    mesh.pass(Duration.ofSeconds(10));
    assertThat(link.assigned).hasSize(1);
  }

  @Test
  void untilItIsSeenToEndWhatWasKilledKeepsItsRoom() {
    TestLink link = mesh.join(priced(1, PRICE), 1);
    submit(5_000, "USD");
    mesh.pass(Duration.ofSeconds(5));
    mesh.submit();
    mesh.commit();
    assertThat(link.assigned).hasSize(1);

    mesh.report(link, link.last(), Report.Outcome.CANCELLED);

    assertThat(link.assigned).hasSize(2);
    assertThat(mesh.cell.view().leakedCredit()).isEmpty();
  }

  @Test
  void aRetryRunsOnWhatIsLeft() {
    TestLink link = mesh.join(priced(1, PRICE), 1);
    TaskId id = submit(6_000, "USD");
    mesh.pass(Duration.ofSeconds(2));
    mesh.fail(link, link.last());
    mesh.pass(Duration.ofSeconds(2));
    assertThat(link.assigned).hasSize(2);
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);

    mesh.pass(Duration.ofSeconds(2));

    assertThat(reason(id)).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(cost(id)).isBetween(4_500L, 6_000L);
  }

  @Test
  void whatIsNotWorthAStartIsNotStarted() {
    TestLink link = mesh.join(priced(1, PRICE), 1);
    TaskId id = submit(5_000, "USD");
    mesh.pass(Duration.ofMillis(3_800));
    mesh.fail(link, link.last());
    mesh.pass(Duration.ofSeconds(1));

    assertThat(link.assigned).hasSize(1);
    assertThat(reason(id)).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(mesh.store.deadLetters().get(id).problem().message()).contains("the rest lasts ");
  }

  @Test
  void theNextPlacerGoesOnFromWhatIsStored() {
    WorkerView view = priced(1, PRICE);
    TestLink link = mesh.join(view, 1);
    store(view);
    TaskId id = submit(8_000, "USD");
    mesh.pass(Duration.ofSeconds(2));
    mesh.fail(link, link.last());
    mesh.pass(Duration.ofSeconds(2));
    AttemptKey second = link.last();

    TestLink again = rejoin(view, second);
    mesh.pass(Duration.ofMillis(2_500));
    assertThat(again.cancelled).isEmpty();
    mesh.pass(Duration.ofMillis(1_500));

    assertThat(reason(id)).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(again.cancelled).containsExactly(second);
    assertThat(cost(id)).isBetween(6_500L, 8_000L);
  }

  @Test
  void aPriceThatNoPlacerCouldStoreCountsOnceTheWorkerIsSeen() {
    WorkerView view = priced(1, PRICE);
    TestLink link = mesh.join(view, 1);
    TaskId id = submit(5_000, "USD");
    mesh.pass(Duration.ofSeconds(1));

    rejoin(view, link.last());
    mesh.pass(Duration.ofSeconds(4));

    assertThat(reason(id)).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(cost(id)).isBetween(4_000L, 5_000L);
  }

  @Test
  void ofAPriceThatChangesWhileItIsLeasedTheDearerCountsAndLaterChangesDoNot() {
    TestLink link = mesh.join(priced(1, PRICE), 1);
    TaskId id = submit(8_000, "USD");
    mesh.commit();
    mesh.cell.show(priced(1, 2 * PRICE), 43);
    mesh.pass(Duration.ofSeconds(1));
    mesh.cell.show(priced(1, 8 * PRICE), 44);
    mesh.pass(Duration.ofMillis(2_400));
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);

    mesh.pass(Duration.ofMillis(300));

    assertThat(reason(id)).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(link.cancelled).hasSize(1);
  }

  @Test
  void onlyAWorkerWithAPriceInItsCurrencyTakesItAndWhySaysSo() {
    TestLink unpriced = mesh.join(site(1, new Site("us", 50, 0, "")), 4);
    TestLink euros = mesh.join(site(2, new Site("us", 50, PRICE, "EUR")), 4);
    TaskId id = submit(5_000, "USD");
    mesh.commit();
    assertThat(unpriced.assigned).isEmpty();
    assertThat(euros.assigned).isEmpty();
    assertThat(mesh.cell.view().live(id).orElseThrow().waitingFor())
        .contains("a price in USD that a budget of 0.005000 lasts for");

    TestLink dollars = mesh.join(priced(3, PRICE), 1);

    assertThat(dollars.assigned).extracting(AttemptKey::task).containsExactly(id);
  }

  @Test
  void onAFreeWorkerABudgetHasNoEnd() {
    TestLink link = mesh.join(priced(1, 0), 1);
    TaskId id = submit(1, "USD");
    mesh.pass(Duration.ofSeconds(9));
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);
    mesh.succeed(link, link.last());
    assertThat(mesh.state(id)).isEqualTo(TaskState.SUCCEEDED);
  }

  @Test
  void whatSucceedsInTimeSucceedsAndNothingIsLeftBehind() {
    TestLink link = mesh.join(priced(1, PRICE), 1);
    TaskId id = submit(5_000, "USD");
    mesh.pass(Duration.ofSeconds(4));
    mesh.succeed(link, link.last());
    mesh.pass(Duration.ofSeconds(4));
    assertThat(mesh.state(id)).isEqualTo(TaskState.SUCCEEDED);
    assertThat(link.cancelled).isEmpty();
    assertThat(mesh.cell.core().budgets.due()).isNull();
  }

  @Test
  void whatIsToBeCancelledEndsSoAtTheLatestWhenItsBudgetDoes() {
    TestLink link = mesh.join(priced(1, PRICE), 1);
    TaskId id = submit(5_000, "USD");
    mesh.commit();
    assertThat(mesh.cancel(id)).isEqualTo("CANCELLING");
    mesh.pass(Duration.ofSeconds(5));
    assertThat(mesh.state(id)).isEqualTo(TaskState.CANCELLED);
    assertThat(link.cancelled).hasSize(2);
  }

  @Test
  void aTaskWithoutABudgetIsNotMetered() {
    mesh.join(priced(1, PRICE), 1);
    TaskId id = mesh.submit();
    mesh.commit();
    TaskEntry entry = Objects.requireNonNull(mesh.cell.core().tasks.get(id), "open");
    Attempt attempt = Objects.requireNonNull(entry.attempt(), "leased");
    assertThat(attempt.spending).isNull();
  }

  private TaskId submit(long micros, String currency) {
    return mesh.submit(
        CellFixture.terms(
            PriorityClass.P2,
            Workers.in(new Destination("", "", new Budget(micros, currency), Optional.empty())),
            SOON));
  }

  private TestLink rejoin(WorkerView view, AttemptKey running) {
    mesh.takeOver();
    mesh.cell.show(view, 42);
    TestLink again = new TestLink(view.id());
    mesh.cell.hello(again, again.hello(1, 1, running));
    mesh.commit();
    return again;
  }

  private void store(WorkerView view) {
    new FakeCosts(mesh.store)
        .keep(
            mesh.cell.epoch(),
            List.of(
                new SeenPrice(
                    view.id(),
                    view.name(),
                    view.site().microsPerHour(),
                    view.site().currency(),
                    Duration.ZERO)));
  }

  private static WorkerView priced(int number, long microsPerHour) {
    return site(number, new Site("us", 50, microsPerHour, "USD"));
  }

  private static WorkerView site(int number, Site site) {
    return Workers.view(number, Map.of(), site);
  }

  private String reason(TaskId id) {
    return mesh.store.deadLetters().get(id).problem().reason();
  }

  /** As it is charged, at {@link #PRICE}. */
  private long cost(TaskId id) {
    Charge sum = Charge.NONE;
    for (StoredAttempt attempt : mesh.store.attempts(id)) {
      Duration ran = Duration.between(attempt.attempt().startTime(), attempt.endTime());
      sum = sum.plus(Charge.of(PRICE, ran));
    }
    return sum.micros();
  }
}
