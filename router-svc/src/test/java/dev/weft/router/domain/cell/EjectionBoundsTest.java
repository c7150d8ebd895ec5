package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.outlier.OutlierPolicy;
import dev.weft.router.domain.placement.CapabilityNeed;
import dev.weft.router.domain.placement.Eligibility;
import dev.weft.router.domain.placement.RejectReason;
import dev.weft.router.domain.placement.Rejection;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom and what an ejection leaves alone, and what is remembered of it. */
class EjectionBoundsTest extends EjectionRig {

  @Test
  void sandboxesThatATenantBreaksTakeTheWorkerFromThatWorkAlone() {
    join(3);
    submitAs("mallory", Workers.cores(2));
    endAll();
    spread("mallory", Workers.ANY_SHELL, "SANDBOX_FAILED");

    assertThat(outOf("mallory", Workers.ANY_SHELL)).containsOnlyKeys(links.getFirst().worker);
    assertThat(outOf("mallory", Workers.cores(2))).isEmpty();
    assertThat(outOf("acme", Workers.ANY_SHELL)).isEmpty();
    submit();
    assertThat(mesh.cell.core().fleet.slots())
        .allSatisfy(
            slot -> assertThat(eligible("acme", Workers.ANY_SHELL).includes(slot)).isTrue());
  }

  /** Whatever it reports, and whoever dies of it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingThatOneTenantSubmitsTakesAWorkerFromAnother(long seed) {
    Random random = new Random(seed);
    join(3 + random.nextInt(4));
    List<String> reasons = List.of("SANDBOX_FAILED", "INTERNAL", "EXIT_NONZERO", "DISK_FULL");
    String reason = reasons.get((int) seed % reasons.size());
    int incarnation = 1;
    for (int step = 0; step < 150; step++) {
      TaskId own = submitAs("acme", Workers.ANY_SHELL);
      for (int i = 0; i < 10; i++) {
        submitAs("mallory", random.nextBoolean() ? Workers.ANY_SHELL : Workers.cores(1 + i % 3));
      }
      assertThat(decision(own).winner()).as("placed at once").isPresent();
      assertThat(decision(own).rejections())
          .extracting(Rejection::reason)
          .doesNotContain(RejectReason.EJECTED);
      if (random.nextInt(20) == 0) {
        kill(0, ++incarnation);
      }
      for (TestLink link : links) {
        for (AttemptKey key : take(link)) {
          TaskEntry task = mesh.cell.core().tasks.get(key.task());
          boolean victim = link.worker.equals(links.getFirst().worker);
          if (task != null && task.tenant().equals("mallory") && victim) {
            mesh.fail(link, key, random.nextInt(4) == 0 ? "EXIT_NONZERO" : reason);
          } else {
            mesh.succeed(link, key);
          }
        }
      }
      assertThat(outOf("acme", Workers.ANY_SHELL)).isEmpty();
      mesh.pass(Duration.ofMillis(random.nextInt(1_000)));
    }
    assertThat(mesh.cell.view().figures().ejections().byCause()).as("of mallory's").isNotEmpty();
  }

  @Test
  void aWorkerThatDiesAgainAndAgainUnderOneTenantAloneIsOutForThat() {
    join(2);
    for (int death = 2; outOf("acme", Workers.ANY_SHELL).isEmpty(); death++) {
      assertThat(death).as("deaths").isLessThan(40);
      fill();
      kill(0, death);
      take(links.get(1)).forEach(key -> mesh.succeed(links.get(1), key));
    }
    assertThat(outOf("acme", Workers.ANY_SHELL)).containsOnlyKeys(links.getFirst().worker);
  }

  @Test
  void aWorkerThatMayHaveDiedOfAnothersWorkIsOutForNobody() {
    join(1);
    submitBoth();
    submitBoth();
    TestLink full = mesh.join(2, 4);
    links.add(full);
    submitBoth();
    submitBoth();
    assertThat(full.assigned).hasSize(4);
    int deaths = 0;
    for (int round = 2; deaths < 20; round++) {
      assertThat(round).as("rounds").isLessThan(100);
      submitBoth();
      mesh.cell.renewal(full.worker, full, round, List.copyOf(full.assigned));
      TestLink dying = links.getFirst();
      if (tenantsAt(dying) == 2) {
        kill(0, round);
        deaths++;
      } else {
        take(dying).forEach(key -> mesh.fail(dying, key, "INVALID_FIELD"));
      }
    }
    assertThat(outOf("acme", Workers.ANY_SHELL)).isEmpty();
    assertThat(outOf("mallory", Workers.ANY_SHELL)).isEmpty();
  }

  @Test
  void anEjectionTouchesThatWorkAlone() {
    join(3);
    submitAs("beta", Workers.ANY_SHELL);
    submitAs("acme", Workers.cores(2));
    endAll();
    Eligibility others = eligible("beta", Workers.ANY_SHELL);
    Eligibility sibling = eligible("acme", Workers.cores(2));
    long version = mesh.cell.core().fleet.version();

    spread("acme", Workers.ANY_SHELL, "EXIT_NONZERO");
    submitAs("beta", Workers.ANY_SHELL);
    submitAs("acme", Workers.cores(2));

    assertThat(outOf("acme", Workers.ANY_SHELL)).hasSize(1);
    assertThat(mesh.cell.core().fleet.version()).isEqualTo(version);
    assertThat(eligible("beta", Workers.ANY_SHELL)).isSameAs(others);
    assertThat(eligible("acme", Workers.cores(2))).isSameAs(sibling);
  }

  @Test
  void aWorkerThatIsGoneIsForgotten() {
    join(3);
    eject(links.getFirst());
    submit();
    mesh.cell.gone(links.getFirst().worker, links.getFirst());
    mesh.pass(Duration.ofSeconds(3));
    mesh.cell.hide(links.getFirst().worker, 43);
    mesh.pass(Duration.ofSeconds(1));
    assertThat(mesh.cell.core().fleet.find(links.getFirst().worker)).isNull();
    assertThat(mesh.cell.view().figures().ejections().out()).isZero();
    assertThat(outOf("acme", Workers.ANY_SHELL)).isEmpty();
  }

  @Test
  void aShapeThatIsDroppedTakesWhatIsKnownOfItAlong() {
    join(3);
    spread("acme", Workers.ANY_SHELL, "EXIT_NONZERO");
    int before = mesh.cell.ejector().windows();
    Shape shape = shape("acme", Workers.ANY_SHELL);
    mesh.pass(Duration.ofSeconds(1));
    for (int i = 0; i < mesh.settings.bounds().shapesPerTenant(); i++) {
      mesh.submit(terms(Workers.in("r" + i)));
    }
    mesh.commit();
    assertThat(mesh.cell.core().shapes.find(shape.id)).isNull();
    assertThat(mesh.cell.ejector().windows()).isLessThan(before);
    assertThat(mesh.cell.view().figures().ejections().out()).isZero();
  }

  @Test
  void whatIsRememberedHasABoundAndWhoHasMostGivesWay() {
    OutlierPolicy standard = OutlierPolicy.STANDARD;
    OutlierPolicy.Sample sample = new OutlierPolicy.Sample(Duration.ofMinutes(5), 5, 10, 20, 50);
    CellSettings narrow =
        new CellSettings(
            CellSettings.Leases.STANDARD,
            CellSettings.Bounds.STANDARD,
            CellSettings.Rhythm.STANDARD,
            new OutlierPolicy(sample, standard.bars(), standard.terms()));
    mesh = new CellFixture(narrow);
    join(1);
    submitAs("acme", Workers.ANY_SHELL);
    endAll();
    for (int i = 0; i < 150; i++) {
      submitAs("mallory", Workers.shell(List.of(new CapabilityNeed("SHELL_OPERATIONS", 1 + i))));
      endAll();
    }
    mesh.pass(Duration.ofMillis(200));
    assertThat(mesh.cell.ejector().windows()).isBetween(40, 50);
    for (int i = 0; i < 9; i++) {
      submitAs("acme", Workers.ANY_SHELL);
      take(links.getFirst()).forEach(key -> mesh.fail(links.getFirst(), key, "INTERNAL"));
    }
    assertThat(mesh.cell.view().figures().ejections().spared()).as("acme's is there").isPositive();
  }

  @Test
  void theReserveIsKeptAmongThoseThatAreIn() {
    mesh = new CellFixture(new OrderPolicy(25, 16, false, Map.of()));
    join(3);
    eject(links.getFirst());
    for (int i = 0; i < 12; i++) {
      submit();
    }
    assertThat(links.getFirst().assigned).isEmpty();
    assertThat(links.get(1).assigned.size() + links.get(2).assigned.size()).isEqualTo(6);

    mesh.submit(CellFixture.terms(PriorityClass.P0, Workers.ANY_SHELL, NO_RETRY));
    mesh.commit();
    assertThat(links.get(1).assigned.size() + links.get(2).assigned.size()).isEqualTo(7);
  }

  private void submitBoth() {
    submitAs("acme", Workers.ANY_SHELL);
    submitAs("mallory", Workers.ANY_SHELL);
  }

  private long tenantsAt(TestLink link) {
    Worker worker = Objects.requireNonNull(mesh.cell.core().fleet.find(link.worker));
    return worker.openAttempts().stream().map(open -> open.task.tenant()).distinct().count();
  }
}
