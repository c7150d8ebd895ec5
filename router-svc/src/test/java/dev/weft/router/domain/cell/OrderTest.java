package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.Urgency;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is next: shares of tenants, ageing, the reserve, preemption. */
class OrderTest {

  private static final RetryTerms PREEMPTIBLE = new RetryTerms(0, true, true, 0, 0);

  private final Map<TaskId, String> tenants = new HashMap<>();

  @Test
  void aTenantThatFloodsDoesNotHoldUpAnother() {
    CellFixture mesh = new CellFixture();
    for (int i = 0; i < 1_000; i++) {
      submit(mesh, "flood", PriorityClass.P2);
    }
    TestLink link = mesh.join(1, 4);
    TaskId other = submit(mesh, "calm", PriorityClass.P2);
    mesh.commit();
    assertThat(link.assigned).hasSize(4);
    mesh.succeed(link, link.assigned.getFirst());
    assertThat(link.last().task()).as("the first room that is free").isEqualTo(other);
  }

  @Test
  void roomIsSharedByTheTenantsWeights() {
    CellFixture mesh = new CellFixture(new OrderPolicy(0, 16, false, Map.of("gold", 3)));
    TestLink link = mesh.join(1, 8);
    for (int i = 0; i < 50; i++) {
      submit(mesh, "gold", PriorityClass.P3);
      submit(mesh, "plain", PriorityClass.P3);
    }
    mesh.commit();
    assertThat(leasesOf(link, 0)).isEqualTo(Map.of("gold", 6L, "plain", 2L));
  }

  @Test
  void aSingleSlotGoesRoundByTheTenantsWeights() {
    CellFixture mesh = new CellFixture(new OrderPolicy(0, 16, false, Map.of("gold", 3)));
    TestLink link = mesh.join(1, 1);
    for (int i = 0; i < 40; i++) {
      submit(mesh, "plain", PriorityClass.P3);
      submit(mesh, "gold", PriorityClass.P3);
    }
    mesh.commit();
    for (int i = 0; i < 39; i++) {
      mesh.succeed(link, link.last());
    }
    assertThat(leasesOf(link, 0)).isEqualTo(Map.of("gold", 30L, "plain", 10L));
  }

  @Test
  void aTenantThatWasIdleSavesNothingUp() {
    CellFixture mesh = new CellFixture();
    TestLink link = mesh.join(1, 1);
    for (int i = 0; i < 60; i++) {
      submit(mesh, "busy", PriorityClass.P3);
    }
    mesh.commit();
    for (int i = 0; i < 20; i++) {
      mesh.succeed(link, link.last());
    }
    for (int i = 0; i < 20; i++) {
      submit(mesh, "late", PriorityClass.P3);
    }
    mesh.commit();
    int before = link.assigned.size();
    for (int i = 0; i < 20; i++) {
      mesh.succeed(link, link.last());
    }
    assertThat(leasesOf(link, before)).isEqualTo(Map.of("late", 10L, "busy", 10L));
  }

  @Test
  void withinATenantAndClassTheOrderIsThatOfAcceptance() {
    CellFixture mesh = new CellFixture();
    List<TaskId> accepted =
        List.of(
            submit(mesh, "one", PriorityClass.P2),
            submit(mesh, "one", PriorityClass.P2, new RetryTerms(1, true, 0, 0), 0),
            submit(mesh, "one", PriorityClass.P2),
            submit(mesh, "one", PriorityClass.P2, new RetryTerms(1, true, 0, 0), 7_000));
    TestLink link = mesh.join(1, 4);
    assertThat(link.assigned).extracting(AttemptKey::task).isEqualTo(accepted);
  }

  @Test
  void everySixteenthLeaseGoesToAnOverdueLowerClassAndToEachInTurn() {
    CellFixture mesh = new CellFixture();
    TestLink link = mesh.join(1, 1);
    for (PriorityClass low : List.of(PriorityClass.P4, PriorityClass.P6)) {
      for (int i = 0; i < 20; i++) {
        submit(mesh, low.name(), low);
      }
    }
    for (int i = 0; i < 200; i++) {
      submit(mesh, "P1", PriorityClass.P1);
    }
    mesh.commit();
    mesh.stall(Duration.ofSeconds(100));
    int before = link.assigned.size();
    for (int i = 0; i < 64; i++) {
      mesh.succeed(link, link.last());
    }
    assertThat(leasesOf(link, before)).isEqualTo(Map.of("P1", 60L, "P4", 4L));
    mesh.stall(Duration.ofSeconds(201));
    int later = link.assigned.size();
    for (int i = 0; i < 64; i++) {
      mesh.succeed(link, link.last());
    }
    assertThat(leasesOf(link, later)).isEqualTo(Map.of("P1", 60L, "P4", 2L, "P6", 2L));
    assertThat(mesh.cell.view().figures().levels().aged()).isEqualTo(8);
  }

  @Test
  void theReserveIsOfTheWholeMeshSoThatOneWorkerMayBeFull() {
    CellFixture mesh = new CellFixture(new OrderPolicy(5, 16, false, Map.of()));
    TestLink first = mesh.join(1, 10);
    TestLink second = mesh.join(2, 10);
    for (int i = 0; i < 30; i++) {
      submit(mesh, "many", PriorityClass.P1);
    }

    mesh.commit();

    assertThat(List.of(first.assigned.size(), second.assigned.size()))
        .containsExactlyInAnyOrder(10, 9);
  }

  @Test
  void workThatTakesAQuarterOfAWorkersCpuLeavesItsLastQuarterToP0WhereASlotIsKept() {
    CellFixture mesh = new CellFixture(new OrderPolicy(5, 16, false, Map.of()));
    TestLink link = mesh.join(1, 20);
    Submission.Terms quarter =
        CellFixture.terms(PriorityClass.P1, Workers.cores(5), RetryTerms.DEFAULT);
    for (int i = 0; i < 4; i++) {
      mesh.submit("many", quarter);
    }
    mesh.commit();
    assertThat(link.assigned).hasSize(3);

    mesh.submit("voice", CellFixture.terms(PriorityClass.P0, Workers.cores(5), RetryTerms.DEFAULT));
    mesh.commit();

    assertThat(link.assigned).hasSize(4);
  }

  @Test
  void whatIsKeptForP0IsTakenByNobodyElse() {
    CellFixture mesh = new CellFixture(new OrderPolicy(10, 16, false, Map.of()));
    TestLink link = mesh.join(1, 20);
    for (int i = 0; i < 30; i++) {
      submit(mesh, "many", PriorityClass.P1);
    }
    mesh.commit();
    assertThat(link.assigned).as("18 of 20 slots").hasSize(18);
    TaskId waiting = submit(mesh, "many", PriorityClass.P1);
    mesh.commit();
    assertThat(mesh.cell.view().live(waiting).orElseThrow().waitingFor())
        .isEqualTo("wait: what is free is kept for P0");
    submit(mesh, "voice", PriorityClass.P0);
    submit(mesh, "voice", PriorityClass.P0);
    mesh.commit();
    assertThat(leasesOf(link, 18)).isEqualTo(Map.of("voice", 2L));
    mesh.succeed(link, link.last());
    assertThat(link.assigned).as("a P0's room stays P0's").hasSize(20);
    mesh.succeed(link, link.assigned.getFirst());
    assertThat(leasesOf(link, 20)).isEqualTo(Map.of("many", 1L));
  }

  @Test
  void whatIsKeptStaysKeptOverATakeover() {
    CellFixture mesh = new CellFixture(new OrderPolicy(10, 16, false, Map.of()));
    TestLink link = mesh.join(1, 20);
    for (int i = 0; i < 30; i++) {
      submit(mesh, "many", PriorityClass.P1);
    }
    mesh.commit();
    AttemptKey[] running = link.assigned.toArray(new AttemptKey[0]);
    mesh.takeOver();
    mesh.cell.show(Workers.view(1), 43);
    TestLink again = new TestLink(link.worker);
    mesh.cell.hello(again, again.hello(1, 20, running));
    mesh.commit();
    assertThat(again.assigned).isEmpty();
    submit(mesh, "voice", PriorityClass.P0);
    mesh.commit();
    assertThat(again.assigned).hasSize(1);
  }

  @Test
  void aP0WithoutRoomEndsOnlyWhatAllowsItTheLowestClassAndTheYoungestFirst() {
    CellFixture mesh = new CellFixture();
    TestLink link = mesh.join(1, 4);
    submit(mesh, "firm", PriorityClass.P6);
    TaskId middle = submit(mesh, "soft", PriorityClass.P4, PREEMPTIBLE, 0);
    submit(mesh, "soft", PriorityClass.P5, PREEMPTIBLE, 0);
    mesh.commit();
    TaskId young = submit(mesh, "soft", PriorityClass.P5, PREEMPTIBLE, 0);
    mesh.commit();
    link.assigned.forEach(key -> mesh.cell.started(link.worker, key));
    submit(mesh, "rival", PriorityClass.P1);
    mesh.commit();
    assertThat(link.cancelled).as("only P0 preempts").isEmpty();
    TaskId urgent = submit(mesh, "voice", PriorityClass.P0);
    mesh.commit();
    assertThat(link.cancelled).extracting(AttemptKey::task).containsExactly(young);
    mesh.pass(Duration.ofSeconds(1));
    assertThat(link.cancelled).as("one for one").hasSize(1);
    mesh.report(link, link.cancelled.getFirst(), Report.Outcome.PREEMPTED);
    assertThat(link.last().task()).isEqualTo(urgent);
    assertThat(mesh.state(young)).isEqualTo(TaskState.QUEUED);
    assertThat(mesh.store.attempts(young).getLast().attempt().problem().message())
        .isEqualTo("ended to make room for a P0 task");
    assertThat(mesh.state(middle)).isNotEqualTo(TaskState.QUEUED);
    assertThat(mesh.cell.view().figures().levels().preempted()).isEqualTo(1);
  }

  @Test
  void eachWaitingP0ClaimsOneAndAPreemptedTaskRunsAgainAtNoCost() {
    CellFixture mesh = new CellFixture();
    TestLink link = mesh.join(1, 3);
    TaskId soft = submit(mesh, "soft", PriorityClass.P6, PREEMPTIBLE, 0);
    submit(mesh, "soft", PriorityClass.P6, PREEMPTIBLE, 0);
    submit(mesh, "soft", PriorityClass.P6, PREEMPTIBLE, 0);
    mesh.commit();
    submit(mesh, "voice", PriorityClass.P0);
    mesh.commit();
    submit(mesh, "voice", PriorityClass.P0);
    mesh.commit();
    assertThat(link.cancelled).hasSize(2);
    for (AttemptKey key : List.copyOf(link.cancelled)) {
      mesh.report(link, key, Report.Outcome.PREEMPTED);
    }
    List<AttemptKey> voices = link.assigned.subList(3, 5);
    assertThat(leasesOf(link, 3)).isEqualTo(Map.of("voice", 2L));
    List.copyOf(voices).forEach(key -> mesh.succeed(link, key));
    mesh.pass(Duration.ofSeconds(1));
    for (AttemptKey key : List.copyOf(link.assigned)) {
      if (mesh.state(key.task()) != TaskState.SUCCEEDED) {
        mesh.succeed(link, key);
      }
    }
    assertThat(mesh.state(soft)).isEqualTo(TaskState.SUCCEEDED);
    assertThat(mesh.store.deadLetters()).isEmpty();
  }

  @Test
  void whatWouldNotMakeEnoughRoomIsLeftAlone() {
    CellFixture mesh = new CellFixture();
    TestLink link = mesh.join(1, 2);
    submit(mesh, "soft", PriorityClass.P6, PREEMPTIBLE, 0);
    submit(mesh, "soft", PriorityClass.P6, PREEMPTIBLE, 0);
    mesh.commit();
    mesh.submit("voice", CellFixture.terms(PriorityClass.P0, Workers.cores(2), RetryTerms.DEFAULT));
    mesh.commit();
    assertThat(link.cancelled).isEmpty();
  }

  private TaskId submit(CellFixture mesh, String tenant, PriorityClass priority) {
    return submit(mesh, tenant, priority, RetryTerms.DEFAULT, 0);
  }

  private TaskId submit(
      CellFixture mesh, String tenant, PriorityClass priority, RetryTerms retry, long deadline) {
    TaskId id =
        mesh.submit(
            tenant,
            new Submission.Terms(
                new Urgency(priority, deadline), Workers.ANY_SHELL, retry, 0, 3_600_000));
    tenants.put(id, tenant);
    return id;
  }

  private Map<String, Long> leasesOf(TestLink link, int from) {
    Map<String, Long> counts = new HashMap<>();
    for (AttemptKey key : link.assigned.subList(from, link.assigned.size())) {
      counts.merge(tenants.get(key.task()), 1L, Long::sum);
    }
    return counts;
  }
}
