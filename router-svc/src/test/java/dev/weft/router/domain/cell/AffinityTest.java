package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weft.router.domain.placement.Decision;
import dev.weft.router.domain.placement.DecisionReader;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.Urgency;
import dev.weft.router.domain.task.WorkerId;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keys that keep tasks together, in a whole cell. */
class AffinityTest {

  private static final int WORKERS = 5;
  private final CellFixture mesh = new CellFixture();
  private final List<TestLink> links = new ArrayList<>();

  @Test
  void tasksOfOneKeyGoToOneWorkerAndTasksOfManyToAll() {
    join(4);
    Set<WorkerId> homes = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      submit("session-1");
      mesh.commit();
      homes.add(finishAll());
    }
    assertThat(homes).hasSize(1);
    for (int i = 0; i < 60; i++) {
      submit("user-" + i);
      mesh.commit();
      homes.add(finishAll());
    }
    assertThat(homes).hasSize(WORKERS);
  }

  @Test
  void aFullFavouriteHoldsNobodyUp() {
    join(1);
    for (int i = 0; i < WORKERS; i++) {
      submit("session-1");
    }
    mesh.commit();
    assertThat(links).allSatisfy(link -> assertThat(link.assigned).hasSize(1));
  }

  @Test
  void thousandKeysAreOneShapeAndOneStream() {
    for (int i = 0; i < 1_000; i++) {
      submit("user-" + i);
    }
    mesh.commit();
    assertThat(mesh.cell.core().shapes.all())
        .singleElement()
        .satisfies(shape -> assertThat(shape.streams).hasSize(1));
  }

  @Test
  void aWaitingTasksEntryTakesSixtyFourBytesWithItsKey() {
    TaskStream stream =
        new TaskStream(
            PriorityClass.P2, new Shape(1, "acme", Workers.ANY_SHELL), RetryTerms.DEFAULT, false);
    TaskEntry[] entries = new TaskEntry[10_000];
    TaskId id = mesh.newId();
    Affinity affinity = Affinity.of("acme", "session-1");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < entries.length; i++) {
      entries[i] = new TaskEntry(id, i, stream, 0, 0, affinity);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(bytes / entries.length).isLessThanOrEqualTo(64);
    assertThat(entries[1].affinityCode()).isEqualTo(affinity.code());
  }

  @Test
  void theKeyOutlivesATakeover() {
    TaskId waiting = submit("session-1");
    mesh.commit();
    TaskEntry before = mesh.cell.core().tasks.get(waiting);
    mesh.takeOver();

    TaskEntry loaded = mesh.cell.core().tasks.get(waiting);

    assertThat(loaded.affinityCode())
        .isEqualTo(before.affinityCode())
        .isEqualTo(Affinity.of("acme", "session-1").code());
    assertThat(loaded.lastCommit()).isEqualTo(before.lastCommit()).isPositive();
  }

  @Test
  void theDecisionSaysThatTheKeyChose() {
    join(4);
    TaskId keyed = submit("session-1");
    TaskId plain = submit("");
    mesh.commit();
    assertThat(algorithm(keyed)).isEqualTo("AFFINITY");
    assertThat(algorithm(plain)).isEqualTo("COMPOSITE");
  }

  private String algorithm(TaskId task) {
    return mesh.commits.stream()
        .flatMap(commit -> commit.placement().decisions().stream())
        .flatMap(rows -> DecisionReader.read(rows.body()).stream())
        .filter(decision -> decision.task().equals(Optional.of(task)))
        .map(Decision::basis)
        .map(Decision.Basis::algorithm)
        .findFirst()
        .orElseThrow();
  }

  private void join(int slots) {
    for (int i = 1; i <= WORKERS; i++) {
      links.add(mesh.join(i, slots));
    }
  }

  private TaskId submit(String key) {
    return mesh.submit(
        "acme",
        new Submission.Terms(
            Urgency.of(PriorityClass.P2),
            Workers.ANY_SHELL,
            RetryTerms.DEFAULT,
            Affinity.of("acme", key),
            0,
            0));
  }

  /** Ends the one task that runs; whose worker ran it. */
  private WorkerId finishAll() {
    TestLink busy =
        links.stream().filter(link -> !link.assigned.isEmpty()).findFirst().orElseThrow();
    mesh.succeed(busy, busy.last());
    busy.assigned.clear();
    return busy.worker;
  }
}
