package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.CostModel.Ran;
import dev.weft.router.app.CostPage.Line;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.CostGroup;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** However attempts are grouped, and wherever their time is cut, nothing is lost or paid twice. */
class CostModelTest {

  private static final Instant START = Instant.parse("2026-03-28T21:00:00Z");
  private static final Instant END = START.plus(Duration.ofDays(6));
  private static final List<String> CURRENCIES = List.of("USD", "EUR", "JPY", "");

  @Test
  void everyGroupingOfTheSameAttemptsCostsTheSameExactly() {
    for (long seed = 1; seed <= 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      CostModel model = priced(random);
      List<Ran> attempts = attempts(random);
      Instant since = START.plusSeconds(random.nextLong(Duration.ofDays(3).toSeconds()));
      Instant until = since.plusSeconds(1 + random.nextLong(Duration.ofDays(4).toSeconds()));

      Map<String, Charge> byTask = totals(model.lines(attempts, CostGroup.TASK, since, until));

      for (CostGroup group : CostGroup.values()) {
        assertThat(totals(model.lines(attempts, group, since, until)))
            .as("seed %d, by %s", seed, group)
            .isEqualTo(byTask);
      }
    }
  }

  /** A range that is cut in two costs in its parts what it costs as a whole. */
  @Test
  void whereARangeIsCutDoesNotChangeTheSum() {
    for (long seed = 1; seed <= 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      CostModel model = priced(random);
      List<Ran> attempts = attempts(random);
      Instant cut = START.plus(random.nextLong(Duration.ofDays(6).toMillis()), ChronoUnit.MILLIS);

      List<Line> parts = new ArrayList<>(model.lines(attempts, CostGroup.WORKER, START, cut));
      parts.addAll(model.lines(attempts, CostGroup.WORKER, cut, END));

      assertThat(totals(parts))
          .as("seed %d", seed)
          .isEqualTo(totals(model.lines(attempts, CostGroup.WORKER, START, END)));
    }
  }

  @Test
  void anAttemptOverMidnightHasAPartInEachOfItsDays() {
    CostModel model = new CostModel();
    WorkerId worker = new WorkerId(new UUID(1, 1));
    model.price(new SeenPrice(worker, "w", 3_600_000_000L, "USD", Duration.ZERO), START);
    Instant midnight = Instant.parse("2026-03-29T00:00:00Z");
    Ran ran = ran(1, worker, midnight.minusSeconds(1), midnight.plusSeconds(2));

    List<Line> days = model.lines(List.of(ran), CostGroup.DAY, START, END);

    assertThat(days)
        .extracting(line -> line.place().key() + " " + line.charge().micros())
        .containsExactly("2026-03-28 1000000", "2026-03-29 2000000");
  }

  private static Map<String, Charge> totals(List<Line> lines) {
    Map<String, Charge> totals = new HashMap<>();
    lines.forEach(line -> totals.merge(line.place().currency(), line.charge(), Charge::plus));
    return totals;
  }

  private static CostModel priced(SplittableRandom random) {
    CostModel model = new CostModel();
    for (int i = 0; i < 5; i++) {
      for (Instant at = START; at.isBefore(END); at = at.plusSeconds(random.nextLong(300_000))) {
        String currency = CURRENCIES.get(random.nextInt(CURRENCIES.size()));
        long micros = currency.isEmpty() ? 0 : random.nextLong(1_000_000_000_000L);
        model.price(
            new SeenPrice(new WorkerId(new UUID(1, i)), "w" + i, micros, currency, Duration.ZERO),
            at);
      }
    }
    return model;
  }

  private static List<Ran> attempts(SplittableRandom random) {
    List<Ran> attempts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Instant from = START.plus(random.nextLong(500_000_000_000L), ChronoUnit.MICROS);
      // From none at all to some days.
      long length = random.nextLong(1L << random.nextInt(1, 39)) - 1;
      Instant to = from.plus(Math.max(0, length), ChronoUnit.MICROS);
      attempts.add(ran(random.nextInt(15), new WorkerId(new UUID(1, random.nextInt(6))), from, to));
    }
    return attempts;
  }

  private static Ran ran(int task, WorkerId worker, Instant from, Instant to) {
    PriorityClass priority = PriorityClass.of(task % 7);
    return new Ran(
        new TaskId(7, task), "ten_" + task % 3, priority, worker, from, to, TokenUse.NONE);
  }
}
