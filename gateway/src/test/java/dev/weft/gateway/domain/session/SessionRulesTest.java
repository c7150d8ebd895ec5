package dev.weft.gateway.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.domain.session.BodyLedger.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionRulesTest {

  @Test
  void aCursorIsReadAsItWasWritten() {
    assertThat(Place.parse("3.17")).contains(new Place(3, 17));
    assertThat(new Place(3, 17).text()).isEqualTo("3.17");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "1.", ".1", "-1.2", "1.2.3", "01.2", "1.02", "a.b", "9999999999.1"})
  void whatWasNotWrittenIsNoCursor(String text) {
    assertThat(Place.parse(text)).isEmpty();
  }

  @Test
  void eachNumberCountsOnce() {
    BodyLedger ledger = new BodyLedger(1, new CommandEnds());
    assertThat(ledger.judge(1, 1)).isEqualTo(Verdict.FRESH);
    assertThat(ledger.judge(2, 1)).isEqualTo(Verdict.FRESH);
    assertThat(ledger.judge(1, 1)).isEqualTo(Verdict.KNOWN);
    assertThat(ledger.judge(4, 1)).isEqualTo(Verdict.BROKEN);
    assertThat(ledger.judge(3, 1)).isEqualTo(Verdict.FRESH);
    assertThat(ledger.received()).isEqualTo(3);
  }

  @Test
  void whatABodyHasForgottenIsLostAndNotWaitedFor() {
    BodyLedger ledger = new BodyLedger(1, new CommandEnds());
    assertThat(ledger.judge(7, 7)).isEqualTo(Verdict.AFTER_LOSS);
    assertThat(ledger.judge(8, 7)).isEqualTo(Verdict.FRESH);
    assertThat(ledger.judge(0, 0)).isEqualTo(Verdict.BROKEN);
  }

  @Test
  void whatABodyHasNotMadeIsKnownByItsWordAndByWhatCame() {
    BodyLedger ledger = new BodyLedger(1, new CommandEnds());
    assertThat(ledger.hasNotMade(99)).as("it has said nothing of it").isFalse();
    ledger.made(7);
    assertThat(ledger.hasNotMade(7)).isFalse();
    assertThat(ledger.hasNotMade(8)).isTrue();
    for (int number = 1; number <= 8; number++) {
      ledger.judge(number, 1);
    }
    assertThat(ledger.hasNotMade(8)).isFalse();
    assertThat(ledger.hasNotMade(9)).isTrue();
  }

  @Test
  void aCommandRunsUntilItHasEnded() {
    BodyLedger ledger = new BodyLedger(1, new CommandEnds());
    ledger.started("a");
    ledger.started("b");
    ledger.ended("a", 0);
    ledger.ended("unknown", 0);
    assertThat(ledger.running()).containsExactly("b");
  }

  @Test
  void aCommandThatWasGivenIsOpenUntilItHasEndedAndNotAgain() {
    BodyLedger ledger = new BodyLedger(1, new CommandEnds());
    ledger.given("waits");
    ledger.given("runs");
    ledger.started("runs");
    assertThat(ledger.open()).containsExactly("runs", "waits");
    ledger.ended("runs", 0);
    ledger.given("runs");
    assertThat(ledger.open()).containsExactly("waits");
  }

  @Test
  void theEndsOfTheLastCommandsAreRemembered() {
    CommandEnds ends = new CommandEnds();
    ends.add("first", 1);
    assertThat(ends.exitCode("first")).hasValue(1);
    for (int i = 0; i < 1_000; i++) {
      ends.add("c" + i, 0);
    }
    assertThat(ends.exitCode("first")).isEmpty();
    assertThat(ends.exitCode("c0")).hasValue(0);
  }

  @Test
  void theNextPlaceIsAfterWhatAnEarlierHomeHad() {
    BodyLedger ledger = new BodyLedger(1, new CommandEnds());
    assertThat(ledger.next()).isEqualTo(new Place(1, 1));
    ledger.offers(8);
    assertThat(ledger.next()).isEqualTo(new Place(1, 8));
    ledger.judge(8, 8);
    assertThat(ledger.next()).isEqualTo(new Place(1, 9));
  }

  @Test
  void theFirstWhoWishesWritesUntilItGoesOrAnotherTakesOver() {
    Seats<String> seats = new Seats<>();
    seats.enter("viewer", true);
    seats.enter("first", false);
    seats.enter("second", false);
    assertThat(seats.writes("first")).isTrue();
    assertThat(seats.viewers()).isEqualTo(2);
    assertThat(seats.takeOver("second")).isTrue();
    assertThat(seats.writes("first")).isFalse();
    assertThat(seats.takeOver("viewer")).isFalse();
    assertThat(seats.takeOver("stranger")).isFalse();
    seats.leave("second");
    assertThat(seats.writes("first")).isTrue();
    seats.leave("first");
    assertThat(seats.writes("viewer")).isFalse();
    assertThat(seats.viewers()).isEqualTo(1);
    seats.leave("viewer");
    assertThat(seats.isEmpty()).isTrue();
  }
}
