package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.placement.Requirements;
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

/** The order holds against tenants who use it for themselves. */
class OrderAbuseTest {

  private static final RetryTerms PREEMPTIBLE = new RetryTerms(0, true, true, 0, 0);
  private static final long HOUR = 3_600_000;

  private final Map<TaskId, String> tenants = new HashMap<>();
  private final CellFixture mesh = new CellFixture();

  @Test
  void aFreshOrPatientHeadHidesNobodysOverdueWork() {
    TestLink link = mesh.join(1, 1);
    submit("served", PriorityClass.P6, 0);
    mesh.commit();
    submit("served", PriorityClass.P6, 0);
    for (int i = 0; i < 60; i++) {
      submit("high", PriorityClass.P1, 0);
    }
    mesh.commit();
    mesh.stall(Duration.ofSeconds(301));
    submit("patient", PriorityClass.P6, 24 * HOUR);
    submit("fresh", PriorityClass.P6, 0);
    int before = link.assigned.size();
    for (int i = 0; i < 20; i++) {
      mesh.succeed(link, link.last());
    }
    assertThat(leasesOf(link, before)).containsEntry("served", 1L).containsKey("high");
  }

  @Test
  void nobodyIsEndedForOthersUntilHeIsGivenUp() {
    TestLink link = mesh.join(1, 1);
    TaskId soft = submit("soft", PREEMPTIBLE);
    mesh.commit();
    for (int i = 0; i < 120; i++) {
      submit("voice", PriorityClass.P0, 0);
      mesh.commit();
      mesh.report(link, link.cancelled.getLast(), Report.Outcome.PREEMPTED);
      mesh.succeed(link, link.last());
    }
    assertThat(link.cancelled).hasSize(120);
    assertThat(link.last().task()).isEqualTo(soft);
    mesh.succeed(link, link.last());
    assertThat(mesh.state(soft)).isEqualTo(TaskState.SUCCEEDED);
    assertThat(mesh.store.deadLetters()).isEmpty();
  }

  @Test
  void thoseWhoMayBeEndedTakeTurns() {
    TestLink link = mesh.join(1, 2);
    TaskId first = submit("soft", PREEMPTIBLE);
    TaskId second = submit("soft", PREEMPTIBLE);
    mesh.commit();
    for (int i = 0; i < 10; i++) {
      submit("voice", PriorityClass.P0, 0);
      mesh.commit();
      mesh.report(link, link.cancelled.getLast(), Report.Outcome.PREEMPTED);
      mesh.succeed(link, link.last());
    }
    assertThat(link.cancelled.stream().filter(key -> key.task().equals(first)).count())
        .isEqualTo(5);
    assertThat(link.cancelled.stream().filter(key -> key.task().equals(second)).count())
        .isEqualTo(5);
  }

  @Test
  void noMoreIsEndedThanWaits() {
    TestLink link = mesh.join(1, 8);
    for (int i = 0; i < 8; i++) {
      submit("soft", PREEMPTIBLE);
    }
    mesh.commit();
    List<TaskId> voices =
        List.of(
            submit("acme", PriorityClass.P0, 0),
            submit("acme", PriorityClass.P0, 0),
            submit("acme", PriorityClass.P0, 0));
    mesh.cell.cancel("acme", voices.get(1), new Ignored());
    mesh.cell.cancel("acme", voices.get(2), new Ignored());
    mesh.commit();
    assertThat(link.cancelled).hasSize(1);
  }

  @Test
  void whoNamesHardlyAnyProcessorTakesAWholeSlotAllTheSame() {
    Requirements tiny =
        new Requirements(
            "shell",
            List.of(),
            Workers.ANY_SHELL.destination(),
            Workers.ANY_SHELL.llm(),
            0,
            Workers.ANY_SHELL.isolation(),
            new Resources(1, 0, 0, 0));
    Requirements half =
        new Requirements(
            "shell",
            List.of(),
            Workers.ANY_SHELL.destination(),
            Workers.ANY_SHELL.llm(),
            0,
            Workers.ANY_SHELL.isolation(),
            new Resources(500, 0, 0, 0));
    TestLink link = mesh.join(1, 10);
    for (int i = 0; i < 20; i++) {
      tenants.put(mesh.submit("tiny", terms(tiny)), "tiny");
      tenants.put(mesh.submit("half", terms(half)), "half");
    }
    mesh.commit();
    assertThat(leasesOf(link, 0)).isEqualTo(Map.of("tiny", 5L, "half", 5L));
  }

  @Test
  void aFleetWithRoomRefusesNobodyWhateverThePastWas() {
    TestLink slow = mesh.join(1, 1);
    for (int i = 0; i < 100; i++) {
      submit("acme", PriorityClass.P4, 0);
    }
    mesh.commit();
    for (int i = 0; i < 40; i++) {
      mesh.pass(Duration.ofMillis(500));
      mesh.succeed(slow, slow.last());
    }
    TaskId refused = hasty();
    mesh.commit();
    assertThat(mesh.answers).containsEntry(refused, "OVERLOADED");
    mesh.join(2, 200);
    List<TaskId> taken = List.of(hasty(), hasty(), hasty());
    mesh.commit();
    assertThat(taken)
        .allSatisfy(id -> assertThat(mesh.answers).containsEntry(id, "accepted LEASED"));
  }

  private TaskId hasty() {
    return mesh.submit(
        "acme",
        new Submission.Terms(PriorityClass.P4, Workers.ANY_SHELL, RetryTerms.DEFAULT, 0, 5_000));
  }

  private TaskId submit(String tenant, PriorityClass priority, long deadline) {
    return submit(
        tenant,
        new Submission.Terms(
            new Urgency(priority, deadline), Workers.ANY_SHELL, RetryTerms.DEFAULT, 0, HOUR));
  }

  private TaskId submit(String tenant, RetryTerms retry) {
    return submit(
        tenant, new Submission.Terms(PriorityClass.P6, Workers.ANY_SHELL, retry, 0, HOUR));
  }

  private TaskId submit(String tenant, Submission.Terms terms) {
    TaskId id = mesh.submit(tenant, terms);
    tenants.put(id, tenant);
    return id;
  }

  private static Submission.Terms terms(Requirements need) {
    return new Submission.Terms(PriorityClass.P3, need, RetryTerms.DEFAULT, 0, HOUR);
  }

  private Map<String, Long> leasesOf(TestLink link, int from) {
    Map<String, Long> counts = new HashMap<>();
    for (AttemptKey key : link.assigned.subList(from, link.assigned.size())) {
      counts.merge(tenants.get(key.task()), 1L, Long::sum);
    }
    return counts;
  }

  private static final class Ignored implements SettledReply {
    @Override
    public void settled() {}

    @Override
    public void denied(Denial reason) {}
  }
}
