package dev.weft.registry.domain.fleet;

import static dev.weft.registry.domain.fleet.FleetFixture.at;
import static dev.weft.registry.domain.fleet.FleetFixture.beat;
import static dev.weft.registry.domain.fleet.FleetFixture.completed;
import static dev.weft.registry.domain.fleet.FleetFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What of the fleet is to be stored, when, and what is forgotten. */
class FleetStorageTest extends FleetCase {

  @Test
  void aNewProfileIsSavedAtOnceAndStatisticsWhenTheirTimeHasCome() {
    long session = admit(1, 1, 0);
    assertThat(fleet.takeUnsaved(false, 100).changed()).hasSize(1);

    fleet.beat(session, completed(3), at(1000));

    assertThat(fleet.takeUnsaved(false, 100).isEmpty()).isTrue();
    assertThat(fleet.takeUnsaved(true, 100).changed())
        .singleElement()
        .satisfies(record -> assertThat(record.account().lifetime().succeeded()).isEqualTo(3));
    assertThat(fleet.takeUnsaved(true, 100).isEmpty()).isTrue();
  }

  @Test
  void beatsWithoutNewsAreNeverSaved() {
    long session = admit(1, 1, 0);
    fleet.takeUnsaved(true, 100);

    for (int second = 1; second < 3_600; second++) {
      fleet.beat(session, beat(), at(second * 1000L));
    }
    assertThat(fleet.takeUnsaved(true, 100).isEmpty()).isTrue();

    fleet.beat(session, beat(), at(3_601_000));
    assertThat(fleet.takeUnsaved(true, 100).changed()).hasSize(1);
  }

  @Test
  void whatCouldNotBeSavedIsTakenAgain() {
    admit(1, 1, 0);
    Unsaved unsaved = fleet.takeUnsaved(false, 100);

    fleet.notSaved(unsaved);

    assertThat(fleet.takeUnsaved(false, 100)).isEqualTo(unsaved);
  }

  @Test
  void aReconnectWithoutNewsIsNotSaved() {
    long session = admit(1, 1, 0);
    fleet.takeUnsaved(true, 100);
    fleet.leave(session, at(100));

    admit(1, 1, 200);

    assertThat(fleet.takeUnsaved(true, 100).isEmpty()).isTrue();
  }

  @Test
  void whoIsOfflineForAMonthIsForgottenEverywhere() {
    fleet.leave(admit(1, 1, 0), at(0));
    long connected = admit(2, 1, 0);
    judgeUntil(250, 3000);
    fleet.takeUnsaved(true, 100);
    long month = Duration.ofDays(31).toMillis();
    fleet.beat(connected, beat(), at(month));
    long before = fleet.revision();

    assertThat(fleet.forget(at(month))).isEqualTo(1);

    assertThat(fleet.find(id(1))).isEmpty();
    assertThat(fleet.find("gpu-1")).isEmpty();
    assertThat(fleet.takeUnsaved(true, 100).gone()).containsExactly(id(1));
    assertThat(fleet.changesAfter(before, 10))
        .containsExactly(new FleetChange.Removed(id(1), before + 1));
  }

  @Test
  void aForgottenWorkerThatComesBackIsNotDeletedAfterAll() {
    fleet.leave(admit(1, 1, 0), at(0));
    judgeUntil(250, 3000);
    long month = Duration.ofDays(31).toMillis();
    fleet.forget(at(month));

    admit(1, 1, month);

    Unsaved unsaved = fleet.takeUnsaved(true, 100);
    assertThat(unsaved.gone()).isEmpty();
    assertThat(unsaved.changed()).hasSize(1);
  }
}
