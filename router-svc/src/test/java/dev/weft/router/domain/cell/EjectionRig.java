package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.Decision;
import dev.weft.router.domain.placement.DecisionReader;
import dev.weft.router.domain.placement.Eligibility;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/** Workers with four slots each, and tenants whose attempts end as the test says. */
abstract class EjectionRig {

  static final RetryTerms NO_RETRY = new RetryTerms(0, true, 2_000, 300_000);
  CellFixture mesh = new CellFixture();
  final List<TestLink> links = new ArrayList<>();

  void endAll(Random random, double[] faults) {
    for (int i = 0; links.stream().anyMatch(link -> !link.assigned.isEmpty()); i++) {
      int at = i % links.size();
      TestLink link = links.get(at);
      for (AttemptKey key : take(link)) {
        if (random.nextDouble() < faults[at]) {
          mesh.fail(link, key, "INTERNAL");
        } else {
          mesh.succeed(link, key);
        }
      }
    }
  }

  void join(int workers) {
    for (int i = 1; i <= workers; i++) {
      links.add(mesh.join(i, 4));
    }
  }

  /** All of its attempts fail, those of the others succeed, until it is out. */
  void eject(TestLink bad) {
    for (int i = 0; mesh.cell.view().figures().ejections().out() == 0; i++) {
      assertThat(i).as("tasks until it is out").isLessThan(200);
      submit();
      for (TestLink link : links) {
        if (link == bad) {
          fail(link);
        } else {
          take(link).forEach(key -> mesh.succeed(link, key));
        }
      }
    }
  }

  void fill() {
    for (int i = 0; i < links.size() * 4 + 8; i++) {
      submit();
    }
  }

  void fail(TestLink link) {
    take(link).forEach(key -> mesh.fail(link, key, "INTERNAL"));
  }

  void failCommands(TestLink link) {
    take(link).forEach(key -> mesh.fail(link, key));
  }

  static List<AttemptKey> take(TestLink link) {
    List<AttemptKey> assigned = List.copyOf(link.assigned);
    link.assigned.clear();
    return assigned;
  }

  void kill(int at, int incarnation) {
    TestLink dead = links.get(at);
    mesh.cell.gone(dead.worker, dead);
    mesh.pass(Duration.ofSeconds(3));
    TestLink again = new TestLink(dead.worker);
    mesh.cell.hello(again, again.hello(incarnation, 4));
    mesh.commit();
    links.set(at, again);
  }

  void endAll() {
    while (links.stream().anyMatch(link -> !link.assigned.isEmpty())) {
      for (TestLink link : links) {
        take(link).forEach(key -> mesh.succeed(link, key));
      }
    }
  }

  /** Work for all slots, which fails on the first worker and succeeds on the others, many times. */
  void spread(String tenant, Requirements need, String reason) {
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < links.size() * 4; i++) {
        submitAs(tenant, need);
      }
      TestLink bad = links.getFirst();
      take(bad).forEach(key -> mesh.fail(bad, key, reason));
      endAll();
    }
  }

  Shape shape(String tenant, Requirements need) {
    return mesh.cell.core().shapes.of(tenant).stream()
        .filter(shape -> shape.need.equals(need))
        .findFirst()
        .orElseThrow();
  }

  Map<WorkerId, String> outOf(String tenant, Requirements need) {
    return mesh.cell.core().shapes.of(tenant).stream()
        .filter(shape -> shape.need.equals(need))
        .findFirst()
        .map(mesh.cell.ejector()::away)
        .orElse(Map.of());
  }

  Eligibility eligible(String tenant, Requirements need) {
    return Objects.requireNonNull(shape(tenant, need).eligibility);
  }

  TaskId submitAs(String tenant, Requirements need) {
    TaskId id = mesh.submit(tenant, terms(need));
    mesh.commit();
    return id;
  }

  static Submission.Terms terms(Requirements need) {
    return CellFixture.terms(PriorityClass.P2, need, NO_RETRY);
  }

  TaskId submit() {
    TaskId id = mesh.submit(CellFixture.terms(PriorityClass.P2, Workers.ANY_SHELL, NO_RETRY));
    mesh.commit();
    return id;
  }

  Decision decision(TaskId task) {
    return mesh.commits.stream()
        .flatMap(commit -> commit.placement().decisions().stream())
        .flatMap(rows -> DecisionReader.read(rows.body()).stream())
        .filter(decision -> decision.task().equals(Optional.of(task)))
        .findFirst()
        .orElseThrow();
  }
}
