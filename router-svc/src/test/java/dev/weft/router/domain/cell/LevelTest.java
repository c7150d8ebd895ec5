package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.FakeTiers;
import dev.weft.router.domain.limit.TenantLevels;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.limit.Tier;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tenants have no more at once than their tiers allow; each task here needs so many cores. */
class LevelTest {

  /** Two cores for P4 and below, three for P2, four for P1, eight in all. */
  private static final Tier FOUR_TIMES = Tier.ENTERPRISE;

  private final CellFixture mesh = new CellFixture();
  private final FakeTiers book = new FakeTiers(mesh.store);

  @Test
  void aTaskOverItsTenantsLimitWaitsWhySaysSoAndStartsWhenOneEnds() {
    TestLink link = mesh.join(1, 8);
    tier(FOUR_TIMES);
    List<TaskId> tasks = submit(3, PriorityClass.P4, 1);
    mesh.commit();
    assertThat(link.assigned).hasSize(2);
    assertThat(why(tasks.getLast()))
        .isEqualTo(
            "wait: the tenant's limit of 2000m CPU for P4 and below (tier enterprise) is in use up"
                + " to 2000m, and it needs 1000m CPU");

    mesh.succeed(link, link.assigned.getFirst());

    assertThat(link.last().task()).isEqualTo(tasks.getLast());
    assertThat(used(PriorityClass.P4)).isEqualTo(2_000);
  }

  @Test
  void lessUrgentWorkLeavesRoomForMoreUrgent() {
    TestLink link = mesh.join(1, 16);
    tier(FOUR_TIMES);
    submit(4, PriorityClass.P6, 1);
    submit(4, PriorityClass.P4, 1);
    submit(4, PriorityClass.P1, 1);
    mesh.commit();
    assertThat(used(PriorityClass.P1)).as("P1's alone, which goes first").isEqualTo(4_000);
    assertThat(used(PriorityClass.P2)).isZero();

    submit(5, PriorityClass.P0, 1);
    mesh.commit();
    assertThat(used(PriorityClass.P0)).as("four cores are left to P0").isEqualTo(8_000);

    link.assigned.stream().limit(3).toList().forEach(key -> mesh.succeed(link, key));
    assertThat(used(PriorityClass.P4)).as("of P4 and P6 together").isEqualTo(2_000);
    assertThat(used(PriorityClass.P0)).as("P0 took the first, three the rest").isEqualTo(8_000);
  }

  @Test
  void otherTenantsAreBoundedByNothing() {
    TestLink link = mesh.join(1, 8);
    tier(Tier.PREMIUM);
    submit(4, PriorityClass.P4, 1);
    for (int i = 0; i < 5; i++) {
      mesh.submit("globex", terms(PriorityClass.P4, 1));
    }
    mesh.commit();
    assertThat(link.assigned).as("one core of acme's, five of globex's").hasSize(6);
  }

  @Test
  void whatIsTooLargeForTheRoomThatIsLeftIsNotPassedForEver() {
    TestLink link = mesh.join(1, 16);
    tier(FOUR_TIMES);
    List<TaskId> small = submit(2, PriorityClass.P4, 1);
    TaskId large = submit(1, PriorityClass.P4, 2).getFirst();
    List<TaskId> later = submit(3, PriorityClass.P4, 1);
    TaskId urgent = submit(1, PriorityClass.P2, 1).getFirst();
    mesh.commit();
    assertThat(tasks(link)).contains(small.get(0), small.get(1), urgent).hasSize(3);

    mesh.succeed(link, attempt(link, small.get(0)));
    assertThat(tasks(link)).as("nothing goes before it").hasSize(3);
    assertThat(why(later.getFirst()))
        .isEqualTo("wait: work of the tenant that needs more of its limits goes first");
    mesh.succeed(link, attempt(link, small.get(1)));

    assertThat(tasks(link)).endsWith(large);
    mesh.succeed(link, attempt(link, large));
    assertThat(tasks(link)).contains(later.get(0), later.get(1)).hasSize(6);
  }

  @Test
  void whatWasHeldBackStartsWhenTheLargeOneIsCancelled() {
    TestLink link = mesh.join(1, 16);
    tier(FOUR_TIMES);
    submit(1, PriorityClass.P4, 1);
    TaskId large = submit(1, PriorityClass.P4, 2).getFirst();
    TaskId later = submit(1, PriorityClass.P4, 1).getFirst();
    mesh.commit();
    assertThat(link.assigned).hasSize(1);

    assertThat(mesh.cancel(large)).isEqualTo("CANCELLED");

    assertThat(link.last().task()).isEqualTo(later);
  }

  @Test
  void overdueWorkOfAClassBelowGetsItsTurnAlsoWhenItIsLarger() {
    TestLink link = mesh.join(1, 16);
    tier(FOUR_TIMES);
    List<TaskId> urgent = submit(60, PriorityClass.P1, 1);
    TaskId large = submit(1, PriorityClass.P4, 2).getFirst();
    mesh.commit();
    assertThat(link.assigned).hasSize(4);

    for (int i = 0; i < 60 && mesh.state(large) == TaskState.QUEUED; i++) {
      mesh.cell.renewal(link.worker, link, i + 1, open(link));
      mesh.pass(Duration.ofSeconds(2));
      mesh.succeed(link, open(link).getFirst());
    }

    assertThat(mesh.state(large)).isNotEqualTo(TaskState.QUEUED);
    assertThat(urgent).as("it did not wait for all").anyMatch(id -> waits(id));
  }

  @Test
  void aTaskThatAloneExceedsItsLimitIsRefusedAndNamesIt() {
    tier(FOUR_TIMES);
    TaskId id = submit(1, PriorityClass.P4, 3).getFirst();
    mesh.commit();

    Denial denial = mesh.denials.get(id);
    assertThat(denial.reason()).isEqualTo(Denial.Reason.LIMIT_EXCEEDED);
    assertThat(denial.message())
        .isEqualTo(
            "CPU: 3000m (expected: at most 2000m, the tenant's limit for P4 and below, tier"
                + " enterprise)");
    assertThat(denial.metadata())
        .containsEntry("allowed", "false")
        .containsEntry("resource", "CPU")
        .containsEntry("requested", "3000")
        .containsEntry("current_usage", "0")
        .containsEntry("limit", "2000");
    TaskId more = submit(1, PriorityClass.P2, 3).getFirst();
    mesh.commit();
    assertThat(mesh.answers.get(more)).startsWith("accepted");
  }

  @Test
  void aTierThatIsSetWhileWorkRunsCountsItAndStopsNothing() {
    TestLink link = mesh.join(1, 8);
    submit(6, PriorityClass.P4, 1);
    mesh.commit();
    assertThat(link.assigned).hasSize(6);

    tier(FOUR_TIMES);
    TaskId next = submit(1, PriorityClass.P4, 1).getFirst();
    mesh.commit();

    assertThat(used(PriorityClass.P4)).isEqualTo(6_000);
    assertThat(link.cancelled).isEmpty();
    link.assigned.stream().limit(4).toList().forEach(key -> mesh.succeed(link, key));
    assertThat(waits(next)).as("two still run").isTrue();
    mesh.succeed(link, link.assigned.get(4));
    assertThat(link.last().task()).isEqualTo(next);
  }

  @Test
  void whatWaitsAndBecameTooLargeSaysSoAndHoldsNothingBack() {
    TestLink link = mesh.join(1, 1);
    tier(FOUR_TIMES);
    submit(1, PriorityClass.P4, 1);
    TaskId large = submit(1, PriorityClass.P4, 2).getFirst();
    TaskId small = submit(1, PriorityClass.P4, 1).getFirst();
    mesh.commit();
    mesh.join(2, 8);
    tier(Tier.PREMIUM);
    mesh.commit();

    mesh.succeed(link, link.assigned.getFirst());

    assertThat(waits(small)).isFalse();
    assertThat(why(large))
        .isEqualTo(
            "wait: it needs 2000m CPU, which is more than the tenant's limit of 1000m CPU for P4"
                + " and below (tier premium)");
  }

  @Test
  void moreInstancesOrNoTierLetWhatWaitsStart() {
    TestLink link = mesh.join(1, 8);
    tier(FOUR_TIMES);
    submit(6, PriorityClass.P4, 1);
    mesh.commit();
    assertThat(link.assigned).hasSize(2);

    mesh.cell.tenants().setTier(new TenantTier("acme", FOUR_TIMES, 2));
    mesh.commit();
    assertThat(link.assigned).hasSize(4);

    assertThat(mesh.cell.tenants().removeTier("acme")).isTrue();
    mesh.commit();
    assertThat(link.assigned).hasSize(6);
    assertThat(mesh.cell.view().levels(Optional.empty())).isEmpty();
  }

  @Test
  void theNextPlacerCountsWhatRunsFromItsLeases() {
    TestLink link = mesh.join(1, 8);
    tier(FOUR_TIMES);
    List<TaskId> tasks = submit(3, PriorityClass.P4, 1);
    mesh.commit();

    mesh.takeOver();
    mesh.cell.show(Workers.view(1), 42);
    TestLink again = new TestLink(link.worker);
    mesh.cell.hello(again, again.hello(1, 8, link.assigned.toArray(AttemptKey[]::new)));
    mesh.commit();

    assertThat(used(PriorityClass.P4)).isEqualTo(2_000);
    assertThat(waits(tasks.getLast())).isTrue();
    mesh.succeed(again, link.assigned.getFirst());
    assertThat(again.last().task()).isEqualTo(tasks.getLast());
    assertThat(used(PriorityClass.P4)).isEqualTo(2_000);
  }

  @Test
  void whatItsLimitsHoldBackIsNoDemandForMoreWorkers() {
    mesh.join(1, 1);
    tier(FOUR_TIMES);
    submit(5, PriorityClass.P4, 1);
    mesh.commit();
    assertThat(mesh.cell.view().demand())
        .singleElement()
        .satisfies(
            demand -> {
              assertThat(demand.running()).isEqualTo(1);
              assertThat(demand.queued()).as("one more would start").isEqualTo(1);
            });
  }

  @Test
  void workOfManyKindsThatItsLimitsHoldBackIsNoDemandEither() {
    mesh.join(1, 1);
    tier(FOUR_TIMES);
    for (int retries = 0; retries < 5; retries++) {
      mesh.submit(
          CellFixture.terms(
              PriorityClass.P4, Workers.cores(1), new RetryTerms(retries, true, 1, 1)));
    }
    mesh.commit();

    assertThat(mesh.cell.view().demand().stream().mapToLong(DemandOfShape::queued).sum())
        .as("one more would start")
        .isEqualTo(1);
  }

  @Test
  void aTenantsP0OfManyKindsEndsNoMoreOfOthersWorkThanItMayHave() {
    TestLink link = mesh.join(1, 4);
    RetryTerms yields = new RetryTerms(3, true, true, 2_000, 60_000);
    for (int i = 0; i < 4; i++) {
      mesh.submit("globex", CellFixture.terms(PriorityClass.P6, Workers.ANY_SHELL, yields));
    }
    mesh.commit();
    assertThat(link.assigned).hasSize(4);
    mesh.cell.tenants().setTier(new TenantTier("acme", Tier.FREE, 1));

    for (int retries = 0; retries < 4; retries++) {
      mesh.submit(
          CellFixture.terms(
              PriorityClass.P0, Workers.cores(1), new RetryTerms(retries, true, 1, 1)));
    }
    mesh.commit();

    assertThat(link.cancelled).as("a free tenant's P0 may hold one core").hasSize(1);
  }

  @Test
  void aP0EndsNoOthersWorkForMoreThanItsTenantMayHave() {
    TestLink link = mesh.join(1, 2);
    RetryTerms yields = new RetryTerms(3, true, true, 2_000, 60_000);
    for (int i = 0; i < 2; i++) {
      mesh.submit("globex", CellFixture.terms(PriorityClass.P6, Workers.ANY_SHELL, yields));
    }
    mesh.commit();
    assertThat(link.assigned).hasSize(2);
    mesh.cell.tenants().setTier(new TenantTier("acme", Tier.FREE, 1));

    submit(2, PriorityClass.P0, 1);
    mesh.commit();

    assertThat(link.cancelled).as("a free tenant's P0 may hold one core").hasSize(1);
  }

  private void tier(Tier tier) {
    TenantTier set = new TenantTier("acme", tier, 1);
    book.put(mesh.cell.epoch(), set, "test");
    mesh.cell.tenants().setTier(set);
  }

  private List<TaskId> submit(int count, PriorityClass priority, int cores) {
    List<TaskId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(mesh.submit(terms(priority, cores)));
    }
    return ids;
  }

  private static Submission.Terms terms(PriorityClass priority, int cores) {
    Requirements need = Workers.cores(cores);
    return CellFixture.terms(priority, need, RetryTerms.DEFAULT);
  }

  private long used(PriorityClass priority) {
    TenantLevels levels = mesh.cell.view().levels(Optional.of("acme")).getFirst();
    return levels.levels().get(priority.code()).used().cpuMilli();
  }

  private String why(TaskId id) {
    return mesh.cell.view().live(id).orElseThrow().waitingFor();
  }

  private boolean waits(TaskId id) {
    return mesh.state(id) == TaskState.QUEUED;
  }

  private static List<TaskId> tasks(TestLink link) {
    return link.assigned.stream().map(AttemptKey::task).toList();
  }

  private static AttemptKey attempt(TestLink link, TaskId task) {
    return link.assigned.stream().filter(key -> key.task().equals(task)).findFirst().orElseThrow();
  }

  private List<AttemptKey> open(TestLink link) {
    return link.assigned.stream()
        .filter(key -> mesh.cell.view().held(link.worker, key).isPresent())
        .toList();
  }
}
