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
import dev.weft.router.domain.shard.UserKey;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens in whatever order, no user's stored work holds more than the user may. */
class UserLevelSimulationTest {

  private static final Map<String, TenantTier> TIERS =
      Map.of(
          "acme", new TenantTier("acme", Tier.ENTERPRISE, 3),
          "globex", new TenantTier("globex", Tier.PREMIUM, 8));
  private static final List<String> TENANTS = List.of("acme", "globex");

  /** The first sends most of all. */
  private static final List<String> USERS = List.of("ada", "ada", "ada", "bob", "eve", "");

  private static final int STEPS = 1_200;

  private final CellFixture mesh = new CellFixture();
  private final FakeTiers book = new FakeTiers(mesh.store);
  private final List<TestLink> links = new ArrayList<>();
  private int withheld;
  private long renewals;
  private long incarnation = 1;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noSequenceOfEventsExceedsAUsersLimitLeaksAnyOfItOrLetsWorkWaitForEver(long seed) {
    Random random = new Random(seed);
    TIERS.values().forEach(tier -> book.put(mesh.cell.epoch(), tier, "test"));
    takeOver();
    for (int i = 0; i < STEPS; i++) {
      step(random);
      check();
      withheld += waitingForTheirUsers() > 0 ? 1 : 0;
    }
    assertThat(withheld).as("steps after which users waited").isGreaterThan(STEPS / 10);

    for (int i = 0; i < 20 * STEPS && mesh.cell.view().figures().tasks() > 0; i++) {
      end(random);
      pass();
      check();
    }
    assertThat(mesh.cell.view().figures().tasks()).as("nothing waits for ever").isZero();
    for (TenantLevels levels : mesh.cell.view().levels(Optional.empty())) {
      assertThat(levels.users()).isEmpty();
      assertThat(levels.levels()).allMatch(level -> level.used().equals(Level.NONE));
    }
    assertThat(mesh.cell.core().userLevels.size()).as("users that are remembered").isZero();
  }

  private void step(Random random) {
    int what = random.nextInt(100);
    if (what < 48) {
      submit(random);
    } else if (what < 80) {
      end(random);
    } else if (what < 87) {
      cancel(random);
    } else if (what < 88) {
      takeOver();
    } else if (what < 89) {
      lose(random);
    } else if (what < 91) {
      TenantTier tier = TIERS.get(TENANTS.get(random.nextInt(2)));
      mesh.cell.tenants().removeTier(tier.tenant());
      mesh.cell.tenants().setTier(tier);
    } else {
      pass();
    }
    mesh.commit();
  }

  private void submit(Random random) {
    Submission.Terms terms =
        new Submission.Terms(
            PriorityClass.of(random.nextInt(5)),
            Workers.cores(1 + random.nextInt(3)),
            RetryTerms.DEFAULT,
            random.nextInt(10) == 0 ? 300 : 0,
            Duration.ofHours(10).toMillis());
    String user = USERS.get(random.nextInt(USERS.size()));
    mesh.submitFor(user, TENANTS.get(random.nextInt(2)), terms);
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
    List<FakeCell.Row> open =
        mesh.store.tasks().values().stream()
            .filter(row -> row.progress.state() == TaskState.QUEUED)
            .filter(row -> row.origin.tenant().equals("acme"))
            .toList();
    if (!open.isEmpty()) {
      mesh.cancel(open.get(random.nextInt(open.size())).id);
    }
  }

  private void pass() {
    for (TestLink link : links) {
      mesh.cell.renewal(link.worker, link, ++renewals, open(link));
    }
    mesh.pass(Duration.ofMillis(500));
  }

  /** A worker goes with all that it runs, and another process of it comes. */
  private void lose(Random random) {
    int which = random.nextInt(links.size());
    TestLink gone = links.get(which);
    mesh.cell.gone(gone.worker, gone);
    TestLink link = new TestLink(gone.worker);
    mesh.cell.hello(link, link.hello(++incarnation, 30));
    links.set(which, link);
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
      mesh.cell.hello(link, link.hello(incarnation, 30, running.toArray(AttemptKey[]::new)));
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

  /** From what is stored. */
  private void check() {
    Map<UserKey, Level> held = new HashMap<>();
    for (FakeCell.Row row : mesh.store.tasks().values()) {
      if (!row.spec.user().isEmpty() && runs(row.progress.state())) {
        Level need = Level.of(mesh.store.requirements(row.origin.shape()).resources());
        held.merge(new UserKey(row.origin.tenant(), row.spec.user()), need, Level::plus);
      }
    }
    held.forEach(
        (user, level) ->
            assertThat(Amount.lacking(level, TIERS.get(user.tenant()).userLimit()))
                .as("%s: %s", user, level)
                .isEmpty());
    for (TenantLevels levels : mesh.cell.view().levels(Optional.empty())) {
      for (TenantLevels.OfUser user : levels.users()) {
        assertThat(user.used())
            .isEqualTo(
                held.getOrDefault(new UserKey(levels.tier().tenant(), user.user()), Level.NONE));
      }
    }
  }

  private int waitingForTheirUsers() {
    return mesh.cell.view().levels(Optional.empty()).stream()
        .flatMap(levels -> levels.users().stream())
        .mapToInt(TenantLevels.OfUser::waiting)
        .sum();
  }

  private static boolean runs(TaskState state) {
    return state == TaskState.LEASED || state == TaskState.RUNNING || state == TaskState.CANCELLING;
  }
}
