package dev.weft.scaler.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.scaler.domain.plan.WorkerSeen.Standing;
import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceState;
import dev.weft.scaler.domain.pool.InstanceState.Draining;
import dev.weft.scaler.domain.pool.InstanceState.Ended;
import dev.weft.scaler.domain.pool.InstanceState.Running;
import dev.weft.scaler.domain.pool.InstanceState.SetAside;
import dev.weft.scaler.domain.pool.Pools;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolKeeperTest {

  private static final String NAME = Pools.NAME.text();
  private static final String FIRST = Pools.worker(1);
  private static final String SECOND = Pools.worker(2);

  private final KeeperFixture mesh = new KeeperFixture();

  @Test
  void whatIsMissingIsStoredAndThenStarted() {
    mesh.begun().healthy(1);

    assertThat(mesh.provider.started).containsExactly(FIRST);
    assertThat(states()).singleElement().isInstanceOf(Running.class);
    assertThat(mesh.store.instances()).hasSize(1);
    assertThat(mesh.store.actions())
        .singleElement()
        .satisfies(
            action -> {
              assertThat(action.kind()).isEqualTo("START");
              assertThat(action.reason()).isEqualTo("0 of 1 serve");
            });
  }

  @Test
  void aDeadWorkerIsReplacedInTheNextRound() {
    mesh.begun().healthy(1);
    mesh.ticker.advance(Duration.ofMinutes(5));

    mesh.provider.dies(FIRST);
    mesh.rounds(1);

    assertThat(mesh.provider.started).containsExactly(FIRST, FIRST);
    assertThat(mesh.keeper.get(NAME).instances())
        .anySatisfy(
            one -> {
              assertThat(one.state()).isInstanceOf(Ended.class);
              assertThat(one.state().detail()).startsWith("died after 3");
            });
  }

  @Test
  void aPoolGrowsAtOnceAndDrainsBeforeItShrinks() {
    mesh.begun().healthy(1);
    assertThat(mesh.keeper.resize(NAME, 2).spec().size().desired()).isEqualTo(2);
    mesh.healthy(2);
    assertThat(mesh.provider.started).containsExactly(FIRST, SECOND);

    mesh.keeper.resize(NAME, 1);
    mesh.rounds(5);

    assertThat(mesh.asked).contains("wkr-" + SECOND).doesNotContain("wkr-" + FIRST);
    assertThat(mesh.provider.stopped).as("it still runs something").isEmpty();
    mesh.drained.add("wkr-" + SECOND);
    mesh.rounds(3);
    assertThat(mesh.provider.stopped).containsExactly(SECOND);
    assertThat(live()).extracting(Instance::worker).containsExactly(FIRST);
    assertThat(mesh.store.actions().getLast().kind()).isEqualTo("END");
  }

  @Test
  void aWorkerThatNeitherDrainsNorEndsIsKilledInTheEnd() {
    mesh.provider.stubborn.add(FIRST);
    mesh.begun().healthy(1);

    mesh.keeper.resize(NAME, 0);
    mesh.rounds(2 * (30 + 10 - 1));
    assertThat(mesh.provider.stopped).isEmpty();
    mesh.rounds(2 * (20 + 3));

    assertThat(mesh.provider.stopped).containsExactly(FIRST);
    assertThat(live()).isEmpty();
    assertThat(mesh.provider.machines(Pools.NAME)).isEmpty();
  }

  @Test
  void aWorkerThatPeopleDrainedStaysAndAnotherServes() {
    mesh.begun().healthy(1);
    mesh.see(FIRST, Standing.DRAINED, Duration.ofSeconds(6));

    mesh.rounds(1);

    assertThat(mesh.provider.started).containsExactly(FIRST, SECOND);
    assertThat(mesh.provider.stopped).isEmpty();
    assertThat(states()).anyMatch(state -> state instanceof SetAside);
  }

  @Test
  void withoutItsStoreTheScalerStartsNothingAndThenGoesOn() {
    mesh.begun().healthy(1);
    mesh.store.away = true;
    mesh.provider.dies(FIRST);
    mesh.rounds(5);
    assertThat(mesh.provider.started).containsExactly(FIRST);
    assertThatThrownBy(() -> mesh.keeper.resize(NAME, 3))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.reason()).isEqualTo(CommonReason.UNAVAILABLE));

    mesh.store.away = false;
    mesh.ticker.advance(Duration.ofMinutes(5));
    mesh.rounds(2);

    assertThat(mesh.provider.started).containsExactly(FIRST, FIRST);
  }

  @Test
  void aLostReplyNeitherForgetsNorDoublesAWorker() {
    mesh.begun();
    mesh.store.losesReplies = true;
    mesh.rounds(1);
    mesh.store.losesReplies = false;
    mesh.rounds(1);
    mesh.ticker.advance(Duration.ofSeconds(3));
    mesh.rounds(2);

    assertThat(mesh.provider.started).containsExactly(FIRST);
    assertThat(mesh.store.instances().stream().filter(Instance::isLive)).hasSize(1);
    assertThat(mesh.store.instances()).as("the one that was never started").hasSize(2);
  }

  @Test
  void whoseEpochIsOverStopsAndSaysWhoHolds() {
    mesh.begun();
    mesh.store.epoch = 2;

    mesh.rounds(2);

    assertThat(mesh.holding.over).isEqualTo(1);
    assertThat(mesh.provider.started).isEmpty();
    mesh.holding.address = "there:7200";
    assertThatThrownBy(() -> mesh.keeper.list())
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(CommonReason.NOT_HOLDER);
              assertThat(e.metadata()).containsEntry("address", "there:7200");
            });
  }

  @Test
  void theNextScalerTakesTheWorkersOver() {
    mesh.begun().healthy(1);
    mesh.keeper.resize(NAME, 2);
    mesh.healthy(2);
    List<String> before = mesh.provider.started;

    mesh.store.epoch = 2;
    mesh.keeper.end();
    mesh.keeper = mesh.keeper();
    mesh.keeper.begin(2);
    mesh.rounds(10);

    assertThat(mesh.provider.started).isEqualTo(before).hasSize(2);
    assertThat(live()).hasSize(2).allMatch(one -> one.state() instanceof Running);
    assertThat(mesh.keeper.get(NAME).lastAction()).isPresent();
  }

  @Test
  void aDrainGoesOnUnderTheNextScaler() {
    mesh.begun().healthy(1);
    mesh.keeper.resize(NAME, 0);
    mesh.rounds(1);
    mesh.keeper = mesh.keeper();
    mesh.store.epoch = 2;
    mesh.keeper.begin(2);
    assertThat(states()).singleElement().isInstanceOf(Draining.class);

    mesh.drained.add("wkr-" + FIRST);
    mesh.rounds(3);

    assertThat(mesh.provider.stopped).containsExactly(FIRST);
  }

  @Test
  void aStartThatFailsIsShownAndTriedAgainLater() {
    mesh.provider.brokenBecause = "port 7230: in use";
    mesh.begun().rounds(2);

    assertThat(mesh.keeper.get(NAME).instances())
        .filteredOn(one -> !one.isLive())
        .extracting(one -> one.state().detail())
        .containsExactly("did not start: port 7230: in use");
    mesh.provider.brokenBecause = "";
    mesh.rounds(1);
    assertThat(mesh.provider.started).as("the second failure costs a pause").isEmpty();
    mesh.rounds(3);
    assertThat(mesh.provider.started).containsExactly(FIRST);
  }

  @Test
  void whileTheProviderDoesNotAnswerNobodyIsJudged() {
    mesh.begun().healthy(1);
    mesh.provider.away = true;

    mesh.rounds(10);

    assertThat(mesh.provider.started).containsExactly(FIRST);
    assertThat(states()).singleElement().isInstanceOf(Running.class);
  }

  @Test
  void whatPeopleWishedStaysUntilTheConfigurationWishesForSomethingElse() {
    mesh.begun();
    mesh.keeper.resize(NAME, 4);
    assertThat(desiredAfterTakeover(2)).isEqualTo(4);

    mesh.configured = List.of(Pools.spec(2));

    assertThat(desiredAfterTakeover(3)).isEqualTo(2);
  }

  @Test
  void sizesOutsideTheBoundsAndUnknownPoolsAreRefused() {
    mesh.begun();

    assertThatThrownBy(() -> mesh.keeper.resize(NAME, 9))
        .hasMessage("desired: 9 (expected: 0 to 8)");
    assertThatThrownBy(() -> mesh.keeper.resize(NAME, 4_294_967_295L))
        .hasMessage("desired: 4294967295 (expected: 0 to 8)");
    assertThatThrownBy(() -> mesh.keeper.resize("other", 1))
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> assertThat(e.reason()).isEqualTo(ScalerReason.POOL_NOT_FOUND));
  }

  private int desiredAfterTakeover(long epoch) {
    mesh.store.epoch = epoch;
    mesh.keeper = mesh.keeper();
    mesh.keeper.begin(epoch);
    mesh.rounds(1);
    return mesh.keeper.get(NAME).spec().size().desired();
  }

  private List<Instance> live() {
    return mesh.keeper.get(NAME).instances().stream().filter(Instance::isLive).toList();
  }

  private List<InstanceState> states() {
    return live().stream().map(Instance::state).toList();
  }
}
