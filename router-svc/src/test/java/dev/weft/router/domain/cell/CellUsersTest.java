package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.Decision;
import dev.weft.router.domain.placement.DecisionReader;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.shard.Seat;
import dev.weft.router.domain.shard.ShardChanges;
import dev.weft.router.domain.shard.ShardPolicy;
import dev.weft.router.domain.shard.Shards;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users and their shards in a whole cell: four users to a shard, two workers to serve it. */
class CellUsersTest {

  private static final int WORKERS = 8;

  private final CellFixture mesh =
      new CellFixture(
          Policies.of(PlacementPolicy.STANDARD, OrderPolicy.STANDARD)
              .with(new ShardPolicy(4, 0.8, 2)));
  private final List<TestLink> links = new ArrayList<>();
  private final Map<TaskId, String> owners = new HashMap<>();

  @BeforeEach
  void adopt() {
    mesh.cell.users().adopt(Shards.NONE);
  }

  @Test
  void workOfAShardsUsersGoesToItsTwoWorkersWhileTheyHaveRoom() {
    join(4);
    List<WorkerId> serving = mesh.cell.users().report().shards().getFirst().workers();
    assertThat(serving).hasSize(2);

    for (String user : List.of("ada", "bob", "cyd")) {
      submit(user);
      submit(user);
    }
    mesh.commit();

    assertThat(busyWorkers()).isEqualTo(Set.copyOf(serving));
  }

  @Test
  void aFullGroupHoldsNobodyUp() {
    join(1);
    for (int i = 0; i < WORKERS; i++) {
      submit("ada");
    }
    mesh.commit();

    assertThat(links).allSatisfy(link -> assertThat(link.assigned).hasSize(1));
  }

  @Test
  void theDecisionNamesTheShardAndWhoServesIt() {
    join(4);
    TaskId of = submit("ada");
    TaskId nobodys = mesh.submit();
    mesh.commit();

    Decision decision = decision(of);
    assertThat(decision.basis().shard()).isEqualTo(1);
    assertThat(decision.candidates())
        .filteredOn(one -> one.bonuses().shard().orElseThrow() > 0.99)
        .hasSize(2);
    assertThat(decision(nobodys).basis().shard()).isZero();
    assertThat(decision(nobodys).candidates().getFirst().bonuses().shard()).isEmpty();
  }

  @Test
  void whereTheWorkersOfAShardAreAllThereAreNothingIsPreferred() {
    links.add(mesh.join(1, 4));
    links.add(mesh.join(2, 4));
    TaskId of = submit("ada");
    mesh.commit();

    assertThat(decision(of).basis().shard()).isZero();
    assertThat(mesh.cell.users().report().shards().getFirst().workers()).hasSize(2);
  }

  @Test
  void aSplitMovesWhoIsIdleFirstAndABusyOneWhenItsWorkHasEnded() {
    join(8);
    List<String> users = IntStream.range(0, 12).mapToObj(i -> "user-" + i).toList();
    Map<String, TaskId> running = new HashMap<>();
    users.forEach(user -> running.put(user, submit(user)));
    mesh.commit();
    users.subList(0, 6).forEach(user -> finish(running.get(user)));

    mesh.pass(Duration.ofSeconds(3));

    Map<String, Integer> during = seats();
    assertThat(figures("users")).isEqualTo(12);
    assertThat(mesh.cell.users().report().shards().size()).isGreaterThan(1);
    users.subList(6, 12).forEach(user -> assertThat(during).containsEntry(user, 1));
    assertThat(users.subList(0, 6)).anyMatch(user -> during.get(user) > 1);

    users.subList(6, 12).forEach(user -> finish(running.get(user)));
    mesh.pass(Duration.ofSeconds(2));

    assertThat(figures("leaving")).isZero();
    mesh.cell
        .users()
        .report()
        .shards()
        .forEach(one -> assertThat(one.figures().users()).isLessThanOrEqualTo(4));
    running.values().forEach(task -> assertThat(successes(task)).isEqualTo(1));
  }

  @Test
  void aTakeoverInTheMiddleOfASplitFindsOutWhoIsBusyBeforeItMovesAnybody() {
    join(8);
    List<String> users = IntStream.range(0, 12).mapToObj(i -> "user-" + i).toList();
    Map<String, TaskId> running = new HashMap<>();
    users.forEach(user -> running.put(user, submit(user)));
    mesh.commit();
    mesh.pass(Duration.ofSeconds(2));
    ShardChanges stored = mesh.cell.users().due().changes();
    assertThat(stored.shards()).isNotEmpty();
    assertThat(stored.seats()).extracting(Seat::shard).containsOnly(1);

    takeOver(stored);
    finish(running.get("user-0"));
    mesh.pass(Duration.ofSeconds(2));

    Set<TaskId> strangers = mesh.cell.users().due().strangers();
    assertThat(strangers).hasSize(11).doesNotContain(running.get("user-0"));
    assertThat(mesh.cell.users().report().shards().getFirst().figures().users()).isEqualTo(12);

    mesh.cell
        .users()
        .learn(strangers.stream().collect(Collectors.toMap(task -> task, owners::get)));
    mesh.pass(Duration.ofSeconds(2));
    assertThat(mesh.cell.users().due().strangers()).isEmpty();
    users.subList(1, 12).forEach(user -> finish(running.get(user)));
    mesh.pass(Duration.ofSeconds(2));

    assertThat(figures("leaving")).isZero();
    assertThat(figures("users")).isEqualTo(12);
    running.values().forEach(task -> assertThat(successes(task)).isEqualTo(1));
  }

  @Test
  void ofTasksThatWaitedOverATakeoverItIsKnownWhenTheyRunWhoIsBusy() {
    List<String> users = IntStream.range(0, 12).mapToObj(i -> "user-" + i).toList();
    Map<String, TaskId> running = new HashMap<>();
    users.forEach(user -> running.put(user, submit(user)));
    mesh.submit();
    mesh.commit();
    ShardChanges stored = mesh.cell.users().due().changes();
    mesh.takeOver();
    mesh.cell.users().adopt(Shards.stored(1, stored.shards(), stored.seats()));
    join(8);
    mesh.pass(Duration.ofSeconds(2));

    assertThat(mesh.cell.users().due().strangers()).isEmpty();
    assertThat(mesh.cell.users().report().shards().getFirst().figures().users()).isEqualTo(12);
    assertThat(figures("leaving")).isPositive();

    users.forEach(user -> finish(running.get(user)));
    mesh.pass(Duration.ofSeconds(2));

    assertThat(figures("leaving")).isZero();
  }

  @Test
  void aUserIsBusyAsLongAsAnyOfItsTasksRuns() {
    join(8);
    List<TaskId> twice = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      submit("user-" + i);
      twice.add(submit("user-" + i));
    }
    mesh.commit();
    twice.forEach(this::finish);
    mesh.pass(Duration.ofSeconds(2));
    int leaving = figures("leaving");

    owners.keySet().stream().filter(task -> !twice.contains(task)).toList().forEach(this::finish);
    mesh.pass(Duration.ofSeconds(2));

    assertThat(leaving).isPositive();
    assertThat(figures("leaving")).isZero();
  }

  @Test
  void withoutUsersThereIsNothingToStoreAndNobodyToAskAbout() {
    join(4);
    mesh.submit();
    mesh.commit();
    mesh.takeOver();
    assertThat(mesh.cell.users().due().adopt()).isTrue();
    mesh.cell.users().adopt(Shards.NONE);

    mesh.pass(Duration.ofSeconds(2));

    CellUsers.Due due = mesh.cell.users().due();
    assertThat(due.strangers()).isEmpty();
    assertThat(due.changes().isEmpty()).isTrue();
  }

  @Test
  void whereShardsAreOffAUserChangesNothing() {
    CellFixture off = new CellFixture();
    off.join(1, 4);
    off.submitFor("ada");
    off.commit();

    assertThat(off.cell.users().due()).isEqualTo(CellUsers.Due.NOTHING);
    assertThat(off.cell.users().report().shards()).isEmpty();
  }

  /** What was stored by then is what the next placer has; workers come back to it. */
  private void takeOver(ShardChanges stored) {
    mesh.takeOver();
    mesh.cell.users().adopt(Shards.stored(stored.version(), stored.shards(), stored.seats()));
    for (int i = 0; i < links.size(); i++) {
      TestLink before = links.get(i);
      mesh.cell.show(Workers.view(i + 1), 42);
      TestLink link = new TestLink(before.worker);
      mesh.cell.hello(link, link.hello(1, 8, before.assigned.toArray(AttemptKey[]::new)));
      link.assigned.addAll(before.assigned);
      links.set(i, link);
    }
    mesh.commit();
  }

  private void join(int slots) {
    for (int i = 1; i <= WORKERS; i++) {
      links.add(mesh.join(i, slots));
    }
  }

  private TaskId submit(String user) {
    TaskId task = mesh.submitFor(user);
    owners.put(task, user);
    return task;
  }

  private void finish(TaskId task) {
    for (TestLink link : links) {
      for (AttemptKey key : List.copyOf(link.assigned)) {
        if (key.task().equals(task)) {
          link.assigned.remove(key);
          mesh.succeed(link, key);
        }
      }
    }
  }

  private Set<WorkerId> busyWorkers() {
    return links.stream()
        .filter(link -> !link.assigned.isEmpty())
        .map(link -> link.worker)
        .collect(Collectors.toSet());
  }

  private Map<String, Integer> seats() {
    return mesh.cell.users().due().changes().seats().stream()
        .collect(Collectors.toMap(seat -> seat.user().name(), Seat::shard));
  }

  private int figures(String what) {
    return mesh.cell.users().report().shards().stream()
        .map(ShardReport.Line::figures)
        .mapToInt(one -> what.equals("users") ? one.users() : one.leaving())
        .sum();
  }

  private long successes(TaskId task) {
    return mesh.history(task).stream().filter(TaskState.SUCCEEDED::equals).count();
  }

  private Decision decision(TaskId task) {
    return mesh.commits.stream()
        .flatMap(commit -> commit.placement().decisions().stream())
        .flatMap(rows -> DecisionReader.read(rows.body()).stream())
        .filter(one -> one.task().equals(Optional.of(task)))
        .findFirst()
        .orElseThrow();
  }
}
