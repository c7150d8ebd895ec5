package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.platform.testing.SettableTicker;
import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.Hello;
import dev.weft.router.domain.cell.WorkerLink;
import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.replay.FleetEvent.Presence;
import dev.weft.router.domain.replay.FleetWorker;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is there when is stored when it changes, and every half day. */
class FleetKeeperTest {

  private final SettableTicker hand = new SettableTicker();
  private final CellHere inbox = new CellHere();
  private final Stored stored = new Stored();
  private OptionalLong held = OptionalLong.of(1);
  private final FleetKeeper keeper = new FleetKeeper(inbox, stored, () -> held, hand);
  private final Cell cell = inbox.cell;

  @Test
  void aWorkerIsStoredOnceWithTheTimeSinceWhenItWasSeen() {
    join(1, 4);
    assertThat(keeper.keep()).isFalse();
    hand.advance(FleetKeeper.SETTLING);

    assertThat(keeper.keep()).isTrue();

    FleetChange change = stored.only();
    assertThat(change.worker()).isEqualTo(Workers.id(1));
    assertThat(change.presence()).isEqualTo(Presence.THERE);
    assertThat(change.ago()).isEqualTo(FleetKeeper.SETTLING);
    assertThat(change.profile())
        .isEqualTo(FleetWorker.recorded(Workers.view(1), Workers.capacity(4)));
    for (int i = 0; i < 100; i++) {
      hand.advance(Duration.ofSeconds(1));
      assertThat(keeper.keep()).isFalse();
    }
  }

  @Test
  void aDrainAProfileACapacityAndAnEndAreEachAChange() {
    WorkerLink link = join(1, 4);
    settle();

    cell.draining(Workers.id(1), link, true);
    assertThat(keep().presence()).isEqualTo(Presence.DRAINING);
    cell.draining(Workers.id(1), link, false);
    assertThat(keep().presence()).isEqualTo(Presence.THERE);
    cell.show(Workers.view(1, Map.of("CODING", 900), new Site("eu", 50, 1, "USD")), 2);
    assertThat(profile(keep()).view().skills().capabilities()).containsOnlyKeys("CODING");
    cell.capacity(
        Workers.id(1), link, new Capacity(2, Workers.capacity(2).resources(), Map.of("shell", 2)));
    assertThat(profile(keep()).capacity().slots("shell")).isEqualTo(2);
    cell.gone(Workers.id(1), link);
    FleetChange gone = keep();
    assertThat(gone.presence()).isEqualTo(Presence.GONE);
    assertThat(gone.profile()).isNull();
  }

  @Test
  void theTremblingOfAMeasuredLatencyIsNoChange() {
    join(1, 4);
    settle();
    WorkerView view = Workers.view(1);
    Site site = view.site();
    cell.show(
        Workers.view(
            1,
            view.skills().capabilities(),
            new Site(site.region(), 60, site.microsPerHour(), site.currency())),
        2);
    assertThat(keeper.keep()).isFalse();
    cell.show(
        Workers.view(
            1,
            view.skills().capabilities(),
            new Site(site.region(), 200, site.microsPerHour(), site.currency())),
        3);
    assertThat(keeper.keep()).isTrue();
  }

  @Test
  void aNewHolderGivesThemTimeToComeBackAndThenSaysWhoDidNot() {
    stored.there.addAll(Set.of(Workers.id(1), Workers.id(2)));
    keeper.keep();
    hand.advance(Duration.ofSeconds(3));
    join(1, 4);
    settle();

    assertThat(stored.last())
        .extracting(FleetChange::worker, FleetChange::presence)
        .containsExactlyInAnyOrder(
            tuple(Workers.id(1), Presence.THERE), tuple(Workers.id(2), Presence.GONE));
  }

  @Test
  void aHolderWhoseCellIsNotLoadedYetCallsNobodyGone() {
    stored.there.add(Workers.id(1));
    inbox.away = true;
    settle();
    settle();
    assertThat(stored.calls).isEmpty();

    inbox.away = false;
    join(1, 4);
    settle();

    assertThat(stored.only().presence()).isEqualTo(Presence.THERE);
  }

  @Test
  void aStandbyStoresNothing() {
    join(1, 4);
    held = OptionalLong.empty();
    hand.advance(Duration.ofMinutes(1));

    assertThat(keeper.keep()).isFalse();
    assertThat(stored.calls).isEmpty();
  }

  @Test
  void whatCouldNotBeStoredIsTriedAgain() {
    WorkerLink link = join(1, 4);
    settle();
    stored.broken = true;
    cell.gone(Workers.id(1), link);
    assertThatThrownBy(keeper::keep).isInstanceOf(JournalException.Unavailable.class);
    stored.broken = false;
    hand.advance(Duration.ofSeconds(7));

    assertThat(keep().ago()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void everyHalfDayItSaysWhoIsStillThereSoThatOlderDaysNeedNotBeRead() {
    join(1, 4);
    settle();
    hand.advance(FleetLog.REPEATED.minusMinutes(1));
    assertThat(keeper.keep()).isFalse();
    hand.advance(Duration.ofMinutes(1));

    assertThat(keep().presence()).isEqualTo(Presence.THERE);
  }

  private void settle() {
    keeper.keep();
    hand.advance(FleetKeeper.SETTLING);
    keeper.keep();
  }

  private FleetChange keep() {
    assertThat(keeper.keep()).isTrue();
    return stored.only();
  }

  private static FleetWorker profile(FleetChange change) {
    return Objects.requireNonNull(change.profile());
  }

  private WorkerLink join(int number, int slots) {
    cell.show(Workers.view(number), 1);
    WorkerLink link = new RecordingLink(Workers.id(number));
    cell.hello(
        link,
        new Hello(Workers.id(number), 1, List.of(), List.of(), Workers.capacity(slots), 0, false));
    return link;
  }

  private static final class Stored implements FleetLog {
    final List<List<FleetChange>> calls = new ArrayList<>();
    final Set<WorkerId> there = new HashSet<>();
    boolean broken;

    @Override
    public Set<WorkerId> there() {
      return there;
    }

    @Override
    public void append(long epoch, List<FleetChange> changes) {
      if (broken) {
        throw new JournalException.Unavailable("away", new IllegalStateException());
      }
      calls.add(List.copyOf(changes));
    }

    List<FleetChange> last() {
      return calls.getLast();
    }

    FleetChange only() {
      assertThat(last()).hasSize(1);
      return last().getFirst();
    }
  }
}
