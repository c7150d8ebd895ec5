package dev.weft.scaler.domain.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.scaler.domain.plan.WorkerSeen.Standing;
import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceId;
import dev.weft.scaler.domain.pool.InstanceState.Draining;
import dev.weft.scaler.domain.pool.InstanceState.Ended;
import dev.weft.scaler.domain.pool.InstanceState.Running;
import dev.weft.scaler.domain.pool.InstanceState.SetAside;
import dev.weft.scaler.domain.pool.InstanceState.Starting;
import dev.weft.scaler.domain.pool.InstanceState.Stopping;
import dev.weft.scaler.domain.pool.Pools;
import dev.weft.scaler.domain.pool.Restarts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PoolReconcilerTest {

  private static final Instant NOW = Pools.START.plusSeconds(3600);

  private final Map<String, String> machines = new HashMap<>();
  private final Map<String, WorkerSeen> workers = new HashMap<>();
  private Set<InstanceId> drained = Set.of();
  private boolean current = true;

  @Test
  void anEmptyPoolStartsTheFirstNames() {
    Plan plan = plan(2, List.of());

    assertThat(plan.actions()).allMatch(action -> action instanceof Action.Start);
    assertThat(names(plan)).containsExactly(Pools.worker(1), Pools.worker(2));
  }

  @Test
  void aDeadWorkerIsReplacedAtOnceUnderItsName() {
    List<Instance> two = healthy(2);
    machines.remove(Pools.worker(1));

    Plan plan = plan(2, two);

    assertThat(plan.actions().getFirst()).isInstanceOf(Action.Over.class);
    assertThat(plan.actions().getFirst().instance().state()).isInstanceOf(Ended.class);
    assertThat(plan.actions().get(1)).isInstanceOf(Action.Start.class);
    assertThat(names(plan)).containsExactly(Pools.worker(1), Pools.worker(1));
  }

  @Test
  void anotherProcessUnderTheNameIsAnotherLife() {
    List<Instance> one = healthy(1);
    machines.put(Pools.worker(1), "another");

    Plan plan = plan(1, one);

    assertThat(plan.actions()).hasSize(2);
    assertThat(plan.actions().getFirst().instance().state()).isInstanceOf(Ended.class);
    assertThat(plan.actions().get(1)).isInstanceOf(Action.Note.class);
    assertThat(plan.actions().get(1).instance().handle()).isEqualTo("another");
  }

  @Test
  void whatAlreadyRunsIsAdopted() {
    machines.put(Pools.worker(1), "m1");

    Plan plan = plan(1, List.of());

    assertThat(plan.actions()).singleElement().isInstanceOf(Action.Note.class);
    assertThat(plan.actions().getFirst().instance().state()).isInstanceOf(Starting.class);
  }

  @Test
  void aStartedWorkerRunsOnceTheRegistryShowsItReady() {
    Instance young =
        Instance.starting(Pools.id(), Pools.NAME, Pools.worker(1), NOW.minusSeconds(3), "test")
            .runBy("m1");
    machines.put(Pools.worker(1), "m1");
    see(1, Standing.READY, Duration.ofSeconds(1));

    Action note = plan(1, List.of(young)).actions().getFirst();

    assertThat(note.instance().state()).isInstanceOf(Running.class);
    assertThat(note.instance().workerId()).isEqualTo("wkr-1");
  }

  @Test
  void theLifeBeforeThatTheRegistryStillShowsIsNotTakenForTheNewOne() {
    Instance young =
        Instance.starting(Pools.id(), Pools.NAME, Pools.worker(1), NOW.minusSeconds(1), "test")
            .runBy("m1");
    machines.put(Pools.worker(1), "m1");
    see(1, Standing.READY, Duration.ofHours(1));

    assertThat(plan(1, List.of(young)).isEmpty()).isTrue();
  }

  @Test
  void aSurplusWorkerIsDrainedAndTheIdleLastNameGoesFirst() {
    List<Instance> three = healthy(3);
    workers.put(Pools.worker(3), new WorkerSeen("wkr-3", Standing.READY, hour(), 4));

    Plan plan = plan(1, three);

    assertThat(plan.actions()).allMatch(action -> action instanceof Action.Drain);
    assertThat(names(plan)).containsExactly(Pools.worker(2), Pools.worker(1));
  }

  @Test
  void aDrainingWorkerIsStoppedWhenThePlacerSaysDrained() {
    Instance draining = draining(NOW.plusSeconds(20));
    assertThat(plan(0, List.of(draining)).isEmpty()).isTrue();

    drained = Set.of(draining.id());
    Action stop = plan(0, List.of(draining)).actions().getFirst();

    assertThat(stop).isInstanceOf(Action.Stop.class);
    assertThat(stop.instance().state()).isInstanceOf(Stopping.class);
  }

  @Test
  void aDrainingWorkerIsStoppedWithoutAWordOnlyAfterItsDeadline() {
    assertThat(plan(0, List.of(draining(NOW.minusSeconds(9)))).isEmpty()).isTrue();
    assertThat(plan(0, List.of(draining(NOW.minusSeconds(10)))).actions())
        .singleElement()
        .isInstanceOf(Action.Stop.class);
  }

  @Test
  void aWorkerThatDoesNotEndIsKilled() {
    Instance one = healthy(1).getFirst();
    Instance stopping = one.with(new Stopping(NOW.minusSeconds(20), NOW, "test"));

    assertThat(plan(0, List.of(stopping)).actions())
        .singleElement()
        .isInstanceOf(Action.Kill.class);
  }

  @Test
  void aWorkerDrainedByHandIsLeftAloneAndAnotherServes() {
    List<Instance> one = healthy(1);
    see(1, Standing.DRAINED, Duration.ofSeconds(5));

    Plan plan = plan(1, one);

    assertThat(plan.actions().getFirst().instance().state()).isInstanceOf(SetAside.class);
    assertThat(plan.actions().get(1)).isInstanceOf(Action.Start.class);
    assertThat(plan.actions().get(1).instance().worker()).isEqualTo(Pools.worker(2));
  }

  @Test
  void theOldestDrainedByHandMakesRoomWhenThereIsNone() {
    List<Instance> two = healthy(2);
    Instance aside = two.getFirst().with(new SetAside(NOW.minusSeconds(60), "test"));
    see(1, Standing.DRAINED, hour());
    see(2, Standing.DRAINED, Duration.ofSeconds(9));

    Plan plan = plan(1, List.of(aside, two.get(1)));

    assertThat(plan.actions().getLast()).isInstanceOf(Action.Drain.class);
    assertThat(plan.actions().getLast().instance().id()).isEqualTo(aside.id());
    assertThat(plan.actions()).noneMatch(action -> action instanceof Action.Start);
  }

  @Test
  void aSilentWorkerIsReplacedOnlyWhileTheRegistryIsHeard() {
    List<Instance> one = healthy(1);
    see(1, Standing.OFFLINE, Duration.ofMinutes(2));
    current = false;
    assertThat(plan(1, one).isEmpty()).isTrue();

    current = true;
    Plan plan = plan(1, one);

    assertThat(plan.actions().getFirst()).isInstanceOf(Action.Drain.class);
    assertThat(plan.actions().getFirst().instance().state()).isInstanceOf(Draining.class);
    assertThat(plan.actions().get(1)).isInstanceOf(Action.Start.class);
  }

  @Test
  void aWorkerThatNeverGetsReadyIsGivenUpAndCountsAsAFastDeath() {
    Instance slow =
        Instance.starting(Pools.id(), Pools.NAME, Pools.worker(1), NOW.minusSeconds(60), "test")
            .runBy("m1");
    machines.put(Pools.worker(1), "m1");

    Plan plan = plan(1, List.of(slow));

    assertThat(plan.actions().getFirst()).isInstanceOf(Action.Drain.class);
    assertThat(plan.actions().get(1)).isInstanceOf(Action.Start.class);
    assertThat(plan.restarts().fastDeaths()).isEqualTo(1);
  }

  @Test
  void aShrunkPoolDoesNotTakeAStartUnderWayForADeath() {
    Instance young =
        Instance.starting(Pools.id(), Pools.NAME, Pools.worker(1), NOW, "test").runBy("m1");
    machines.put(Pools.worker(1), "m1");

    Plan plan = plan(0, List.of(young));

    assertThat(plan.actions()).singleElement().isInstanceOf(Action.Drain.class);
    assertThat(plan.restarts()).isEqualTo(Restarts.NONE);
  }

  private Plan plan(int desired, List<Instance> live) {
    PoolSight sight =
        new PoolSight(
            Pools.spec(desired),
            live,
            Restarts.NONE,
            new Machines(machines, Map.of()),
            new FleetSight(current, workers),
            drained);
    return PoolReconciler.reconcile(sight, NOW, Pools::id);
  }

  private List<Instance> healthy(int count) {
    List<Instance> instances = Pools.running(count);
    for (int n = 1; n <= count; n++) {
      machines.put(Pools.worker(n), "m" + n);
      see(n, Standing.READY, hour());
    }
    return instances;
  }

  private Instance draining(Instant deadline) {
    Instance one = healthy(1).getFirst();
    return one.with(new Draining(deadline.minusSeconds(30), deadline, "test"));
  }

  private void see(int number, Standing standing, Duration standingFor) {
    workers.put(Pools.worker(number), new WorkerSeen("wkr-" + number, standing, standingFor, 0));
  }

  private static Duration hour() {
    return Duration.ofHours(1);
  }

  private static List<String> names(Plan plan) {
    return plan.actions().stream().map(action -> action.instance().worker()).toList();
  }
}
