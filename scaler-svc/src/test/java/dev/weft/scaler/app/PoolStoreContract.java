package dev.weft.scaler.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.scaler.app.PoolStore.Change;
import dev.weft.scaler.app.PoolStore.StoredPool;
import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceState.Draining;
import dev.weft.scaler.domain.pool.InstanceState.Ended;
import dev.weft.scaler.domain.pool.InstanceState.Running;
import dev.weft.scaler.domain.pool.InstanceState.SetAside;
import dev.weft.scaler.domain.pool.InstanceState.Stopping;
import dev.weft.scaler.domain.pool.PoolName;
import dev.weft.scaler.domain.pool.Pools;
import dev.weft.scaler.domain.pool.Restarts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of pools must do. */
public abstract class PoolStoreContract {

  private static final Duration KEEP = Duration.ofDays(30);

  private PoolStore store;

  /** An empty store. */
  protected abstract PoolStore store();

  /** The lease's row says that this epoch holds the cell. */
  protected abstract void cellIsHeldUnder(long epoch);

  @BeforeEach
  void open() {
    store = store();
    cellIsHeldUnder(1);
  }

  @Test
  void anEmptyStoreHasNothing() {
    assertThat(store.load().pools()).isEmpty();
    assertThat(store.load().instances()).isEmpty();
  }

  @Test
  void aPoolComesBackAsItWasWritten() {
    StoredPool written = pool(3, new Restarts(4, Pools.START), Optional.empty());

    assertThat(save(written, List.of())).isEqualTo(SaveOutcome.SAVED);

    assertThat(store.load().pools()).containsExactly(written);
  }

  @Test
  void anInstanceComesBackInEveryState() {
    Instant now = Pools.START;
    List<Instance> running = Pools.running(5);
    List<Instance> all =
        List.of(
            Instance.starting(Pools.id(), Pools.NAME, "young-01", now, "starts"),
            running.get(0),
            running.get(1).with(new SetAside(now, "by hand")),
            running.get(2).with(new Draining(now, now.plusSeconds(30), "surplus")),
            running.get(3).with(new Stopping(now, now.plusSeconds(20), "surplus")));

    save(pool(1, Restarts.NONE, Optional.empty()), all);

    assertThat(store.load().instances()).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void anInstanceThatHasEndedIsNotLoadedAndItsNameIsFree() {
    Instance first = Pools.running(1).getFirst();
    save(pool(1, Restarts.NONE, Optional.empty()), List.of(first));
    Instance second = Pools.running(1).getFirst();

    save(
        pool(1, Restarts.NONE, Optional.empty()),
        List.of(first.with(new Ended(Pools.START, "died")), second));

    assertThat(store.load().instances()).containsExactly(second);
  }

  @Test
  void aLaterStateReplacesTheEarlier() {
    Instance young = Instance.starting(Pools.id(), Pools.NAME, "sandbox-01", Pools.START, "starts");
    save(pool(1, Restarts.NONE, Optional.empty()), List.of(young));
    Instance grown =
        young
            .runBy("12@boot/34")
            .knownAs("wkr-1")
            .with(new Running(Pools.START.plusSeconds(3), "starts"));

    save(pool(1, Restarts.NONE, Optional.empty()), List.of(grown));

    assertThat(store.load().instances()).containsExactly(grown);
  }

  @Test
  void theNewestActionIsTheLast() {
    ScalingAction first = new ScalingAction(Pools.START, "START", "sandbox-01", "0 of 1 serve");
    ScalingAction second = new ScalingAction(Pools.START, "END", "sandbox-01", "0 are desired");
    StoredPool pool = pool(0, Restarts.NONE, Optional.empty());

    store.save(1, new Change(pool, List.of(), List.of(first, second)));

    assertThat(store.load().pools().getFirst().lastAction()).contains(second);
  }

  @Test
  void anOldEpochWritesNothing() {
    cellIsHeldUnder(2);

    assertThat(save(pool(1, Restarts.NONE, Optional.empty()), Pools.running(1)))
        .isEqualTo(SaveOutcome.EPOCH_OVER);

    assertThat(store.load().pools()).isEmpty();
    assertThat(store.load().instances()).isEmpty();
    assertThat(store.forget(1, KEEP, 10)).isZero();
  }

  @Test
  void theSameWriteMayBeRepeated() {
    List<Instance> two = Pools.running(2);
    save(pool(2, Restarts.NONE, Optional.empty()), two);

    assertThat(save(pool(2, Restarts.NONE, Optional.empty()), two)).isEqualTo(SaveOutcome.SAVED);

    assertThat(store.load().instances()).containsExactlyInAnyOrderElementsOf(two);
  }

  @Test
  void whatIsOldIsForgottenPieceByPieceAndWhatLivesStays() {
    Instant old = store.load().now().minus(KEEP).minusSeconds(60);
    Instance alive = Pools.running(1).getFirst();
    List<Instance> ended =
        Pools.running(4).subList(1, 4).stream()
            .map(one -> one.with(new Ended(old, "died")))
            .toList();
    ScalingAction ancient = new ScalingAction(old, "START", "sandbox-01", "old");
    ScalingAction recent =
        new ScalingAction(store.load().now().minusSeconds(60), "START", "sandbox-01", "new");
    StoredPool pool = pool(1, Restarts.NONE, Optional.empty());
    store.save(1, new Change(pool, List.of(alive), List.of(recent, ancient)));
    store.save(1, new Change(pool, ended, List.of()));

    assertThat(store.forget(1, KEEP, 2)).isEqualTo(2);
    assertThat(store.forget(1, KEEP, 2)).isEqualTo(1);
    assertThat(store.forget(1, KEEP, 2)).isZero();

    assertThat(store.load().instances()).containsExactly(alive);
    assertThat(store.load().pools().getFirst().lastAction())
        .map(ScalingAction::reason)
        .contains("new");
  }

  private SaveOutcome save(StoredPool pool, List<Instance> instances) {
    return store.save(1, new Change(pool, instances, List.of()));
  }

  private static StoredPool pool(int desired, Restarts restarts, Optional<ScalingAction> last) {
    return new StoredPool(new PoolName("sandbox"), desired, 1, 7, restarts, last);
  }
}
