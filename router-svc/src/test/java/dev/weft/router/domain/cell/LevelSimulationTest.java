package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.FakeCell;
import dev.weft.router.app.FakeTiers;
import dev.weft.router.domain.limit.Amount;
import dev.weft.router.domain.limit.Level;
import dev.weft.router.domain.limit.TenantLevels;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.limit.Tier;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens in whatever order, what is stored never holds more than the limits. */
class LevelSimulationTest {

  private static final List<TenantTier> TIERS =
      List.of(
          new TenantTier("acme", Tier.ENTERPRISE, 1), new TenantTier("globex", Tier.PREMIUM, 3));
  private static final int STEPS = 1_500;

  private final CellFixture mesh = new CellFixture();
  private final FakeTiers book = new FakeTiers(mesh.store);
  private final List<TestLink> links = new ArrayList<>();
  private int heldBack;
  private long renewals;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noSequenceOfStartsEndsAndTakeoversExceedsALimitAndAllThatWaitsStarts(long seed) {
    Random random = new Random(seed);
    TIERS.forEach(tier -> book.put(mesh.cell.epoch(), tier, "test"));
    takeOver();
    for (int i = 0; i < STEPS; i++) {
      step(random);
      check();
      heldBack += someAreHeldBack() ? 1 : 0;
    }
    assertThat(heldBack).as("steps after which limits held work back").isGreaterThan(STEPS / 10);
    assertThat(mesh.denials.values())
        .as("what alone exceeds them")
        .isNotEmpty()
        .allMatch(denial -> denial.reason() == Denial.Reason.LIMIT_EXCEEDED);

    for (int i = 0; i < 10 * STEPS && mesh.cell.view().figures().tasks() > 0; i++) {
      end(random);
      pass();
      check();
    }
    assertThat(mesh.cell.view().figures().tasks()).as("nothing waits for ever").isZero();
    for (TenantLevels levels : mesh.cell.view().levels(Optional.empty())) {
      assertThat(levels.levels()).allMatch(level -> level.used().equals(Level.NONE));
    }
  }

  private void step(Random random) {
    int what = random.nextInt(100);
    if (what < 45) {
      submit(random);
    } else if (what < 80) {
      end(random);
    } else if (what < 86) {
      cancel(random);
    } else if (what < 87) {
      takeOver();
    } else if (what < 89) {
      // Set anew, a tier counts what runs already.
      TenantTier tier = TIERS.get(random.nextInt(TIERS.size()));
      mesh.cell.tenants().removeTier(tier.tenant());
      mesh.cell.tenants().setTier(tier);
    } else {
      pass();
    }
    mesh.commit();
  }

  private void submit(Random random) {
    PriorityClass priority = PriorityClass.of(random.nextInt(7));
    Submission.Terms terms =
        new Submission.Terms(
            priority,
            Workers.cores(1 + random.nextInt(3)),
            RetryTerms.DEFAULT,
            random.nextInt(10) == 0 ? 300 : 0,
            Duration.ofHours(10).toMillis());
    mesh.submit(TIERS.get(random.nextInt(TIERS.size())).tenant(), terms);
  }

  private void end(Random random) {
    TestLink link = links.get(random.nextInt(links.size()));
    List<AttemptKey> open = open(link);
    if (!open.isEmpty()) {
      AttemptKey key = open.get(random.nextInt(open.size()));
      if (random.nextInt(8) == 0) {
        mesh.fail(link, key);
      } else {
        mesh.succeed(link, key);
      }
    }
  }

  private void cancel(Random random) {
    List<FakeCell.Row> waiting =
        mesh.store.tasks().values().stream()
            .filter(row -> row.progress.state() == TaskState.QUEUED)
            .filter(row -> row.origin.tenant().equals("acme"))
            .toList();
    if (!waiting.isEmpty()) {
      mesh.cancel(waiting.get(random.nextInt(waiting.size())).id);
    }
  }

  private void pass() {
    for (TestLink link : links) {
      mesh.cell.renewal(link.worker, link, ++renewals, open(link));
    }
    mesh.pass(Duration.ofMillis(500));
  }

  private void takeOver() {
    List<TestLink> before = List.copyOf(links);
    List<List<AttemptKey>> held = before.stream().map(this::open).toList();
    mesh.takeOver();
    links.clear();
    for (int i = 0; i < 2; i++) {
      mesh.cell.show(Workers.view(i + 1), 42);
      TestLink link = new TestLink(Workers.id(i + 1));
      List<AttemptKey> running = before.isEmpty() ? List.of() : held.get(i);
      mesh.cell.hello(link, link.hello(1, 30, running.toArray(AttemptKey[]::new)));
      link.assigned.addAll(running);
      links.add(link);
    }
    mesh.commit();
  }

  private List<AttemptKey> open(TestLink link) {
    return link.assigned.stream()
        .filter(key -> mesh.cell.view().held(link.worker, key).isPresent())
        .toList();
  }

  /** Of each class and those below, from what is stored. */
  private void check() {
    for (TenantTier tier : TIERS) {
      Level[] held = new Level[PriorityClass.values().length];
      Arrays.fill(held, Level.NONE);
      for (FakeCell.Row row : mesh.store.tasks().values()) {
        if (row.origin.tenant().equals(tier.tenant()) && runs(row.progress.state())) {
          Level need = Level.of(mesh.store.requirements(row.origin.shape()).resources());
          for (int code = 0; code <= row.origin.priority().code(); code++) {
            held[code] = held[code].plus(need);
          }
        }
      }
      for (PriorityClass priority : PriorityClass.values()) {
        assertThat(Amount.lacking(held[priority.code()], tier.limit(priority)))
            .as("%s of %s: %s", tier.tenant(), priority, held[priority.code()])
            .isEmpty();
      }
    }
  }

  private boolean someAreHeldBack() {
    return mesh.store.tasks().values().stream()
        .filter(row -> row.progress.state() == TaskState.QUEUED)
        .flatMap(row -> mesh.cell.view().live(row.id).stream())
        .anyMatch(live -> live.waitingFor().startsWith("wait: the tenant's limit of"));
  }

  private static boolean runs(TaskState state) {
    return state == TaskState.LEASED || state == TaskState.RUNNING || state == TaskState.CANCELLING;
  }
}
