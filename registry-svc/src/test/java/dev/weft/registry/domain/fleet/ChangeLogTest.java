package dev.weft.registry.domain.fleet;

import static dev.weft.registry.domain.fleet.FleetFixture.at;
import static dev.weft.registry.domain.fleet.FleetFixture.beat;
import static dev.weft.registry.domain.fleet.FleetFixture.hello;
import static dev.weft.registry.domain.fleet.FleetFixture.load;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangeLogTest {

  @Test
  void resumingFromAnyRevisionLeadsToTheSameFleet() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Fleet fleet = new Fleet(3, FleetFixture.rules(), List.of(), at(0));
      Map<WorkerId, Long> sessions = new HashMap<>();
      List<Watching> watchers = new ArrayList<>();
      for (int step = 0; step < 300; step++) {
        act(fleet, sessions, random, step);
        if (step % 20 == 0) {
          watchers.add(new Watching(fleet));
        }
        watchers.get(random.nextInt(watchers.size())).catchUp(fleet, 1 + random.nextInt(4));
      }
      Map<WorkerId, WorkerView> truth = new Watching(fleet).seen;
      for (Watching watching : watchers) {
        watching.catchUp(fleet, Integer.MAX_VALUE);
        assertThat(watching.seen).as("seed %d", seed).isEqualTo(truth);
      }
    }
  }

  @Test
  void whoMissedMoreRemovalsThanAreKeptHasToStartAnew() {
    ChangeLog log = new ChangeLog(1, 3);
    long start = log.revision();
    for (int worker = 1; worker <= 3; worker++) {
      log.removed(FleetFixture.id(worker));
    }
    assertThat(log.reaches(start)).isTrue();

    log.removed(FleetFixture.id(4));

    assertThat(log.reaches(start)).isFalse();
    assertThat(log.reaches(start + 1)).isTrue();
    assertThat(log.after(start + 1, 10)).hasSize(3);
  }

  @Test
  void theFutureIsNotReached() {
    ChangeLog log = new ChangeLog(1, 3);

    assertThat(log.reaches(log.revision() + 1)).isFalse();
  }

  @Test
  void theLogHoldsOneEntryAWorkerHoweverFastTheFleetChanges() {
    Fleet fleet = new Fleet(1, FleetFixture.rules(), List.of(), at(0));
    long session = ((Admission.Admitted) fleet.admit(hello(1, 1), at(0))).session();
    long start = fleet.revision();
    for (int i = 1; i <= 1000; i++) {
      fleet.beat(session, beat(load(i % 8, 0.1)), at(i * 1000L));
      fleet.tellLoads();
    }

    assertThat(fleet.revision()).isGreaterThan(start + 900);
    assertThat(fleet.changesAfter(start, 10_000)).hasSize(1);
  }

  private static void act(Fleet fleet, Map<WorkerId, Long> sessions, Random random, int step) {
    int worker = 1 + random.nextInt(12);
    WorkerId id = FleetFixture.id(worker);
    Moment now = at(step * 1000L);
    Long session = sessions.get(id);
    if (session == null) {
      if (fleet.admit(hello(worker, 1 + step), now) instanceof Admission.Admitted in) {
        sessions.put(id, in.session());
      }
    } else if (random.nextInt(4) == 0) {
      fleet.leave(session, now);
      sessions.remove(id);
    } else {
      fleet.beat(session, beat(load(random.nextInt(9), random.nextDouble())), now);
    }
    fleet.judge(now);
    fleet.tellLoads();
  }

  /** Knows only what it was told. */
  private static final class Watching {
    private final Map<WorkerId, WorkerView> seen = new HashMap<>();
    private long cursor;

    Watching(Fleet fleet) {
      fleet.all().forEach(view -> seen.put(view.id(), view));
      cursor = fleet.revision();
    }

    void catchUp(Fleet fleet, int limit) {
      assertThat(fleet.reaches(cursor)).isTrue();
      for (FleetChange change : fleet.changesAfter(cursor, limit)) {
        assertThat(change.revision()).isGreaterThan(cursor);
        cursor = change.revision();
        switch (change) {
          case FleetChange.Seen(WorkerView view) -> seen.put(view.id(), view);
          case FleetChange.Removed(WorkerId id, long ignored) -> seen.remove(id);
        }
      }
    }
  }
}
