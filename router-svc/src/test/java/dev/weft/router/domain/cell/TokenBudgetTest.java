package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenTally;
import dev.weft.router.domain.cost.TokenUse;
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
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TokenBudgetTest {

  private static final RetryTerms SOON = new RetryTerms(3, true, 100, 100);

  private final CellFixture mesh = new CellFixture();
  private long renewals;

  @Test
  void asSoonAsItsTokensAreUsedATaskIsKilledAndFailsForGoodWithWhatItUsed() {
    TestLink link = mesh.join(1, 1);
    TaskId id = submit(1_000);
    mesh.commit();
    used(link, link.last(), 900, 99);
    assertThat(link.cancelled).isEmpty();

    used(link, link.last(), 950, 120);

    assertThat(mesh.state(id)).isEqualTo(TaskState.FAILED);
    assertThat(link.cancelled).containsExactly(link.last());
    Problem problem = mesh.store.deadLetters().get(id).problem();
    assertThat(problem.reason()).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(problem.message())
        .isEqualTo("budget: 1000 tokens of models; its 1 attempts have used 1070");
    assertThat(problem.metadata())
        .isEqualTo(Map.of("scope", "tokens", "budget", "1000", "spent", "1070", "attempts", "1"));
    assertThat(mesh.store.tokens(id, 1)).isEqualTo(use(950, 120));
    mesh.pass(Duration.ofSeconds(10));
    assertThat(link.assigned).hasSize(1);
  }

  @Test
  void untilItIsSeenToEndWhatWasKilledKeepsItsRoom() {
    TestLink link = mesh.join(1, 1);
    submit(1_000);
    mesh.commit();
    used(link, link.last(), 1_000, 0);
    mesh.submit();
    mesh.commit();
    assertThat(link.assigned).hasSize(1);

    mesh.report(link, link.last(), Report.Outcome.CANCELLED);

    assertThat(link.assigned).hasSize(2);
    assertThat(mesh.cell.view().leakedCredit()).isEmpty();
  }

  @Test
  void aRetryRunsOnWhatIsLeft() {
    TestLink link = mesh.join(1, 1);
    TaskId id = submit(1_000);
    mesh.commit();
    used(link, link.last(), 600, 0);
    mesh.fail(link, link.last());
    mesh.pass(Duration.ofSeconds(1));
    assertThat(link.assigned).hasSize(2);
    used(link, link.last(), 399, 0);
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);

    used(link, link.last(), 400, 0);

    assertThat(reason(id)).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(mesh.store.tokens(id, 1)).isEqualTo(use(600, 0));
    assertThat(mesh.store.tokens(id, 2)).isEqualTo(use(400, 0));
  }

  @Test
  void whatFailsWithItsLastWordsBeyondTheBudgetIsNotTriedAgain() {
    TestLink link = mesh.join(1, 1);
    TaskId id = submit(1_000);
    mesh.commit();

    end(link, Report.Outcome.FAILED, 2_000);

    assertThat(reason(id)).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(mesh.store.attempts(id).getFirst().attempt().problem().reason())
        .isEqualTo("EXIT_NONZERO");
    assertThat(mesh.store.tokens(id, 1)).isEqualTo(use(2_000, 0));
    mesh.pass(Duration.ofSeconds(5));
    assertThat(link.assigned).hasSize(1);
  }

  @Test
  void whatSucceedsWithItsLastWordsBeyondTheBudgetHasSucceeded() {
    TestLink link = mesh.join(1, 1);
    TaskId id = submit(1_000);
    mesh.commit();

    end(link, Report.Outcome.SUCCEEDED, 2_000);

    assertThat(mesh.state(id)).isEqualTo(TaskState.SUCCEEDED);
    assertThat(mesh.store.tokens(id, 1)).isEqualTo(use(2_000, 0));
  }

  @Test
  void whatALostWorkerToldIsStoredAndCountsForTheNextAttempt() {
    TestLink link = mesh.join(1, 1);
    TaskId id = submit(1_000);
    mesh.commit();
    AttemptKey first = link.last();
    mesh.cell.started(link.worker, first);
    used(link, first, 700, 0);
    mesh.cell.gone(link.worker, link);
    TestLink other = mesh.join(2, 1);
    mesh.pass(Duration.ofSeconds(4));
    assertThat(other.assigned).hasSize(1);
    assertThat(mesh.store.tokens(id, 1)).isEqualTo(use(700, 0));

    used(other, other.last(), 0, 300);

    assertThat(reason(id)).isEqualTo("BUDGET_EXHAUSTED");
  }

  @Test
  void whileItRunsWhatChangedIsStoredOnceWithinSeconds() {
    TestLink link = mesh.join(1, 1);
    TaskId id = mesh.submit();
    mesh.commit();
    used(link, link.last(), 10, 1);
    used(link, link.last(), 20, 2);
    hold(link, Duration.ofSeconds(4));
    assertThat(commitsWithTokens()).isZero();

    hold(link, Duration.ofSeconds(2));

    assertThat(mesh.store.tokens(id, 1)).isEqualTo(use(20, 2));
    assertThat(commitsWithTokens()).isEqualTo(1);
    used(link, link.last(), 20, 2);
    hold(link, Duration.ofSeconds(6));
    mesh.succeed(link, link.last());
    assertThat(commitsWithTokens()).isEqualTo(1);
  }

  private long commitsWithTokens() {
    return mesh.commits.stream().filter(one -> !one.tasks().tokens().isEmpty()).count();
  }

  /** Time passes, and the worker keeps its lease. */
  private void hold(TestLink link, Duration time) {
    mesh.cell.renewal(link.worker, link, ++renewals, List.of(link.last()));
    mesh.pass(time);
  }

  @Test
  void theNextPlacerGoesOnFromWhatIsStoredAndWhatTheWorkerTellsAgain() {
    TestLink link = mesh.join(1, 1);
    TaskId id = submit(1_000);
    mesh.commit();
    used(link, link.last(), 500, 0);
    mesh.fail(link, link.last());
    mesh.pass(Duration.ofSeconds(1));
    AttemptKey second = link.last();
    used(link, second, 300, 0);
    mesh.pass(Duration.ofSeconds(6));

    TestLink again = rejoin(link, second);
    used(again, second, 300, 0);
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);
    used(again, second, 500, 0);

    assertThat(reason(id)).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(mesh.store.deadLetters().get(id).problem().metadata())
        .containsEntry("spent", "1000");
  }

  @Test
  void ofAnotherWorkersAttemptOrOneThatIsOverNothingIsHeard() {
    TestLink link = mesh.join(1, 2);
    TestLink stranger = mesh.join(2, 0);
    TaskId id = submit(1_000);
    mesh.commit();

    used(stranger, link.last(), 5_000, 0);
    assertThat(mesh.state(id)).isEqualTo(TaskState.LEASED);
    AttemptKey key = link.last();
    mesh.succeed(link, key);
    used(link, key, 5_000, 0);

    assertThat(mesh.state(id)).isEqualTo(TaskState.SUCCEEDED);
    assertThat(mesh.store.tokens(id, 1)).isEqualTo(TokenUse.NONE);
  }

  @Test
  void whatIsToBeCancelledEndsCancelled() {
    TestLink link = mesh.join(1, 1);
    TaskId id = submit(1_000);
    mesh.commit();
    assertThat(mesh.cancel(id)).isEqualTo("CANCELLING");

    used(link, link.last(), 5_000, 0);
    mesh.report(link, link.last(), Report.Outcome.CANCELLED);

    assertThat(mesh.state(id)).isEqualTo(TaskState.CANCELLED);
    assertThat(mesh.store.tokens(id, 1)).isEqualTo(use(5_000, 0));
  }

  @Test
  void aTaskThatReportsNothingHoldsNothingAndWritesNothing() {
    TestLink link = mesh.join(1, 1);
    TaskId id = mesh.submit();
    mesh.commit();
    TaskEntry entry = Objects.requireNonNull(mesh.cell.core().tasks.get(id), "open");
    assertThat(Objects.requireNonNull(entry.attempt(), "leased").tokens).isSameAs(TokenTally.NONE);

    mesh.succeed(link, link.last());

    assertThat(mesh.commits).allSatisfy(one -> assertThat(one.tasks().tokens()).isEmpty());
  }

  private TaskId submit(long tokens) {
    return mesh.submit(
        CellFixture.terms(
            PriorityClass.P2,
            Workers.in(new Destination("", "", Budget.NONE, Optional.empty(), "", tokens)),
            SOON));
  }

  private void used(TestLink link, AttemptKey key, long input, long output) {
    mesh.cell.used(link.worker, key, use(input, output));
    mesh.commit();
  }

  private void end(TestLink link, Report.Outcome outcome, long input) {
    Problem problem = new Problem(10, "EXIT_NONZERO", "it failed", Map.of());
    mesh.cell.report(
        link.worker, link, new Report(link.last(), outcome, null, problem, use(input, 0)));
    mesh.commit();
  }

  private static TokenUse use(long input, long output) {
    return new TokenUse(new TreeMap<>(Map.of("small", new TokenCount(input, output))));
  }

  private TestLink rejoin(TestLink before, AttemptKey running) {
    mesh.takeOver();
    mesh.cell.show(Workers.view(1), 42);
    TestLink again = new TestLink(before.worker);
    mesh.cell.hello(again, again.hello(1, 1, running));
    mesh.commit();
    return again;
  }

  private String reason(TaskId id) {
    return mesh.store.deadLetters().get(id).problem().reason();
  }
}
