package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.FakeTiers;
import dev.weft.router.domain.limit.Level;
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

/** Users have no more at once than their share of what their tenant may have. */
class UserLevelTest {

  /** Three cores for each user, six for P2 and below of the tenant. */
  private static final int INSTANCES = 4;

  private final CellFixture mesh = new CellFixture();
  private final FakeTiers book = new FakeTiers(mesh.store);

  @Test
  void aUserAtItsLimitWaitsWhySaysSoAndHoldsUpNobodyBehindIt() {
    TestLink link = mesh.join(1, 16);
    tier(Tier.PREMIUM);
    List<TaskId> hers = submit("ada", 10, 1);
    List<TaskId> his = submit("bob", 2, 1);
    List<TaskId> nobodys = submit("", 1, 1);
    mesh.commit();

    assertThat(tasks(link)).startsWith(hers.get(0), hers.get(1), hers.get(2)).hasSize(6);
    assertThat(tasks(link)).containsAll(his).containsAll(nobodys);
    assertThat(why(hers.get(3)))
        .isEqualTo(
            "wait: the limit of 3200m CPU of user ada (tier premium, 4 instances) is in use up to"
                + " 3000m, and it needs 1000m CPU");

    mesh.succeed(link, attempt(link, hers.get(1)));

    assertThat(tasks(link)).endsWith(hers.get(3)).hasSize(7);
    assertThat(users())
        .containsExactly(
            new TenantLevels.OfUser("ada", cores(3, 3), 6),
            new TenantLevels.OfUser("bob", cores(2, 2), 0));
  }

  @Test
  void usersOfOtherTenantsWithTheSameNameAreOthers() {
    TestLink link = mesh.join(1, 16);
    tier(Tier.PREMIUM);
    submit("ada", 5, 1);
    for (int i = 0; i < 5; i++) {
      mesh.submitFor("ada", "globex", terms(PriorityClass.P2, 1));
    }
    mesh.commit();
    assertThat(link.assigned).as("three of acme's, five of globex's").hasSize(8);
  }

  @Test
  void whatIsTooLargeForWhatIsLeftOfAUsersLimitIsNotPassedForEver() {
    TestLink link = mesh.join(1, 16);
    tier(Tier.PREMIUM);
    List<TaskId> small = submit("ada", 2, 1);
    TaskId large = submit("ada", 1, 3).getFirst();
    List<TaskId> later = submit("ada", 3, 1);
    List<TaskId> his = submit("bob", 2, 1);
    mesh.commit();
    assertThat(tasks(link)).containsAll(small).containsAll(his).hasSize(4);
    assertThat(why(later.getFirst())).isEqualTo("wait: work of user ada goes first");

    mesh.succeed(link, attempt(link, small.getFirst()));
    assertThat(tasks(link)).as("nothing of hers goes before it").hasSize(4);
    mesh.succeed(link, attempt(link, small.getLast()));

    assertThat(tasks(link)).endsWith(large).hasSize(5);
    mesh.succeed(link, attempt(link, large));
    assertThat(tasks(link)).containsAll(later).hasSize(8);
  }

  @Test
  void whatWasHeldBackStartsWhenTheLargeOneIsCancelled() {
    TestLink link = mesh.join(1, 16);
    tier(Tier.PREMIUM);
    submit("ada", 2, 1);
    TaskId large = submit("ada", 1, 3).getFirst();
    TaskId later = submit("ada", 1, 1).getFirst();
    mesh.commit();
    assertThat(link.assigned).hasSize(2);

    assertThat(mesh.cancel(large)).isEqualTo("CANCELLED");

    assertThat(tasks(link)).endsWith(later);
  }

  @Test
  void moreUrgentWorkOfAUserGoesFirstAndItsOverdueWorkIsNotPassedForEver() {
    TestLink link = mesh.join(1, 16);
    tier(Tier.PREMIUM);
    List<TaskId> urgent = submit("ada", 6, PriorityClass.P1, 1);
    TaskId lesser = submit("ada", 1, PriorityClass.P4, 1).getFirst();
    mesh.commit();
    assertThat(tasks(link)).containsExactlyElementsOf(urgent.subList(0, 3));

    mesh.succeed(link, attempt(link, urgent.getFirst()));
    assertThat(tasks(link)).endsWith(urgent.get(3));
    for (int i = 0; i < 200 && waits(lesser); i++) {
      submit("ada", 2, PriorityClass.P1, 1);
      mesh.cell.renewal(link.worker, link, i + 1, open(link));
      mesh.pass(Duration.ofSeconds(2));
      mesh.succeed(link, open(link).getFirst());
    }

    assertThat(waits(lesser)).as("more urgent work has come all the time").isFalse();
  }

  @Test
  void workOfAUserThatNoWorkerTakesHoldsNothingElseOfItBack() {
    TestLink link = mesh.join(1, 16);
    tier(Tier.PREMIUM);
    Requirements elsewhere = Workers.in("mars");
    TaskId vain =
        mesh.submitFor("ada", CellFixture.terms(PriorityClass.P2, elsewhere, RetryTerms.DEFAULT));
    List<TaskId> more = submit("ada", 5, 1);
    mesh.commit();

    assertThat(tasks(link)).containsExactlyElementsOf(more.subList(0, 3));
    for (int i = 0; i < 5; i++) {
      mesh.succeed(link, open(link).getFirst());
    }
    assertThat(tasks(link)).containsExactlyElementsOf(more);
    assertThat(why(vain)).doesNotContain("ada");
  }

  @Test
  void aTaskThatAloneExceedsItsUsersLimitIsRefusedAndNamesIt() {
    mesh.join(1, 16);
    tier(Tier.PREMIUM);
    submit("ada", 1, 1);
    mesh.commit();
    TaskId id = submit("ada", 1, 4).getFirst();
    mesh.commit();

    Denial denial = mesh.denials.get(id);
    assertThat(denial.reason()).isEqualTo(Denial.Reason.LIMIT_EXCEEDED);
    assertThat(denial.message())
        .isEqualTo(
            "CPU: 4000m (expected: at most 3200m, the limit of a user, tier premium, 4 instances)");
    assertThat(denial.metadata())
        .containsEntry("allowed", "false")
        .containsEntry("of_user", "true")
        .containsEntry("resource", "CPU")
        .containsEntry("requested", "4000")
        .containsEntry("current_usage", "1000")
        .containsEntry("limit", "3200");
    TaskId nobodys = submit("", 1, 4).getFirst();
    mesh.commit();
    assertThat(mesh.answers.get(nobodys)).startsWith("accepted");
  }

  @Test
  void whatWaitsAndBecameTooLargeSaysSoAndHoldsNothingBack() {
    TestLink link = mesh.join(1, 16);
    tier(Tier.PREMIUM);
    List<TaskId> running = submit("ada", 1, 3);
    TaskId large = submit("ada", 1, 3).getFirst();
    TaskId small = submit("ada", 1, 1).getFirst();
    mesh.commit();
    assertThat(tasks(link)).isEqualTo(running);

    tier(Tier.BASIC);
    mesh.succeed(link, link.assigned.getFirst());

    assertThat(tasks(link)).endsWith(small);
    assertThat(why(large))
        .isEqualTo(
            "wait: it needs 3000m CPU, which is more than the limit of 1600m CPU of user ada (tier"
                + " basic, 4 instances)");
  }

  @Test
  void moreInstancesOrNoTierLetWhatWaitsStart() {
    TestLink link = mesh.join(1, 16);
    tier(Tier.PREMIUM);
    submit("ada", 12, 1);
    mesh.commit();
    assertThat(link.assigned).hasSize(3);

    mesh.cell.tenants().setTier(new TenantTier("acme", Tier.PREMIUM, 2 * INSTANCES));
    mesh.commit();
    assertThat(link.assigned).hasSize(6);

    mesh.cell.tenants().removeTier("acme");
    mesh.commit();
    assertThat(link.assigned).hasSize(12);
  }

  @Test
  void aTierThatIsSetWhileWorkRunsCountsItForItsUsers() {
    TestLink link = mesh.join(1, 16);
    submit("ada", 5, 1);
    mesh.commit();
    assertThat(link.assigned).hasSize(5);

    tier(Tier.PREMIUM);
    TaskId next = submit("ada", 1, 1).getFirst();
    mesh.commit();
    link.assigned.stream().limit(2).toList().forEach(key -> mesh.succeed(link, key));
    assertThat(waits(next)).as("three still run").isTrue();

    mesh.succeed(link, link.assigned.get(2));
    assertThat(tasks(link)).endsWith(next);
  }

  @Test
  void theNextPlacerKnowsWhoseEveryTaskIs() {
    TestLink link = mesh.join(1, 16);
    tier(Tier.PREMIUM);
    List<TaskId> hers = submit("ada", 5, 1);
    List<TaskId> his = submit("bob", 1, 1);
    mesh.commit();
    assertThat(link.assigned).hasSize(4);

    mesh.takeOver();
    mesh.cell.show(Workers.view(1), 42);
    TestLink again = new TestLink(link.worker);
    mesh.cell.hello(again, again.hello(1, 16, link.assigned.toArray(AttemptKey[]::new)));
    mesh.commit();

    assertThat(again.assigned).isEmpty();
    assertThat(why(hers.get(3))).contains("of user ada").contains("in use up to 3000m");
    mesh.succeed(again, attempt(link, his.getFirst()));
    assertThat(again.assigned).as("that was bob's").isEmpty();
    mesh.succeed(again, attempt(link, hers.getFirst()));
    assertThat(tasks(again)).containsExactly(hers.get(3));
  }

  @Test
  void whatWaitsForItsUsersLimitExpiresWithItsClassOrByItself() {
    TestLink link = mesh.join(1, 16);
    tier(Tier.PREMIUM);
    submit("ada", 3, 1);
    TaskId classes = submit("ada", 1, 1).getFirst();
    Submission.Terms own =
        new Submission.Terms(PriorityClass.P2, Workers.cores(1), RetryTerms.DEFAULT, 0, 1_000);
    TaskId soon = mesh.submitFor("ada", own);
    mesh.commit();

    mesh.pass(Duration.ofSeconds(2));
    assertThat(mesh.state(soon)).isEqualTo(TaskState.EXPIRED);
    assertThat(users().getFirst().waiting()).isEqualTo(1);
    Duration expiry = PriorityClass.P2.defaultExpiry();
    for (int i = 0; i * 5 <= expiry.toSeconds(); i++) {
      mesh.cell.renewal(link.worker, link, i + 1, open(link));
      mesh.pass(Duration.ofSeconds(5));
    }

    assertThat(mesh.state(classes)).isEqualTo(TaskState.EXPIRED);
    assertThat(users()).containsExactly(new TenantLevels.OfUser("ada", cores(3, 3), 0));
  }

  @Test
  void whatAUsersLimitHoldsBackIsNoDemandForMoreWorkers() {
    mesh.join(1, 16);
    tier(Tier.PREMIUM);
    submit("ada", 8, 1);
    mesh.commit();
    assertThat(mesh.cell.view().demand())
        .singleElement()
        .satisfies(
            demand -> {
              assertThat(demand.running()).isEqualTo(3);
              assertThat(demand.queued()).isZero();
            });
  }

  @Test
  void aP0EndsNoOthersWorkForMoreThanItsUserMayHave() {
    TestLink link = mesh.join(1, 6);
    RetryTerms yields = new RetryTerms(3, true, true, 2_000, 60_000);
    for (int i = 0; i < 6; i++) {
      mesh.submit("globex", CellFixture.terms(PriorityClass.P6, Workers.ANY_SHELL, yields));
    }
    mesh.commit();
    assertThat(link.assigned).hasSize(6);
    tier(Tier.PREMIUM);

    submit("ada", 6, PriorityClass.P0, 1);
    mesh.commit();

    assertThat(link.cancelled).as("a user's share is three cores").hasSize(3);
  }

  @Test
  void aLongLineOfOneUserIsPassedInBoundedRounds() {
    tier(Tier.PREMIUM);
    int line = 3 * UserLevels.MOST_MOVES + 100;
    submit("ada", line, 1);
    TaskId his = submit("bob", 1, 1).getFirst();
    mesh.commit();
    TestLink link = mesh.join(1, 16);
    assertThat(mesh.cell.unfinished()).isTrue();
    assertThat(tasks(link)).as("a round moves no more").doesNotContain(his);

    int rounds = 0;
    for (; mesh.cell.unfinished() && rounds < 10; rounds++) {
      mesh.commit();
    }

    assertThat(rounds).isEqualTo(2);
    assertThat(tasks(link)).contains(his).hasSize(4);
    assertThat(users().getFirst().waiting()).isEqualTo(line - 3);
  }

  @Test
  void manyStreamsOfAUserThatAreLetGoInVainAreLookedAtInBoundedRounds() {
    TestLink link = mesh.join(1, 16);
    tier(Tier.PREMIUM);
    TaskId running = submit("ada", 3, 1).getFirst();
    mesh.commit();
    int streams = 240;
    for (int i = 0; i < streams; i++) {
      RetryTerms own = new RetryTerms(3, true, 1_000 + i, 60_000);
      mesh.submitFor("ada", CellFixture.terms(PriorityClass.P2, Workers.cores(1), own));
    }
    submit("bob", 3, 1);
    TaskId next = submit("eve", 1, 1).getFirst();
    mesh.commit();
    assertThat(users().getFirst().waiting()).isEqualTo(streams);

    mesh.succeed(link, attempt(link, running));

    assertThat(tasks(link)).endsWith(next);
    assertThat(mesh.cell.unfinished()).as("hers find the tenant's limit full, later").isTrue();
    int rounds = 0;
    for (; mesh.cell.unfinished() && rounds < 10; rounds++) {
      mesh.commit();
    }
    assertThat(rounds).isBetween(1, 4);
  }

  @Test
  void whoHasNothingOpenIsForgotten() {
    TestLink link = mesh.join(1, 16);
    tier(Tier.PREMIUM);
    TaskId ended = submit("ada", 1, 1).getFirst();
    submit("bob", 1, 1);
    mesh.commit();
    mesh.succeed(link, attempt(link, ended));

    assertThat(mesh.cell.core().userLevels.size()).isEqualTo(1);
    TaskId again = submit("eve", 1, 1).getFirst();
    mesh.commit();
    assertThat(users().stream().map(TenantLevels.OfUser::user)).containsExactly("bob", "eve");
    mesh.succeed(link, attempt(link, again));
    assertThat(users()).hasSize(1);
  }

  private void tier(Tier tier) {
    TenantTier set = new TenantTier("acme", tier, INSTANCES);
    book.put(mesh.cell.epoch(), set, "test");
    mesh.cell.tenants().setTier(set);
  }

  private List<TaskId> submit(String user, int count, int cores) {
    return submit(user, count, PriorityClass.P2, cores);
  }

  private List<TaskId> submit(String user, int count, PriorityClass priority, int cores) {
    List<TaskId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(mesh.submitFor(user, terms(priority, cores)));
    }
    return ids;
  }

  private static Submission.Terms terms(PriorityClass priority, int cores) {
    return CellFixture.terms(priority, Workers.cores(cores), RetryTerms.DEFAULT);
  }

  private static Level cores(int count, int slots) {
    return new Level(1_000L * count, 0, 0, slots);
  }

  private List<TenantLevels.OfUser> users() {
    return mesh.cell.view().levels(Optional.of("acme")).getFirst().users();
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
