package dev.weft.worker.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.testing.SettableTicker;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.FrameOutbox;
import dev.weft.worker.domain.agent.SessionEvent.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DepartureTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private final SettableTicker ticker = new SettableTicker();
  private final Departure departure = new Departure(ticker, () -> NOON);
  private final FrameStore frames =
      new FrameStore(new FrameOutbox(FrameOutbox.BOUND_BYTES), () -> NOON, ticker);

  @Test
  void whatRunsMayEndForHalfOfTheGraceAndTheWorkspaceIsTriedForAnotherQuarter() {
    departure.begin(Duration.ofMinutes(2));
    assertThat(departure.mayGoOn()).isTrue();

    ticker.advance(Duration.ofSeconds(60));
    assertThat(departure.mayGoOn()).isFalse();
    assertThat(departure.maySave()).isTrue();
    ticker.advance(Duration.ofSeconds(30));
    assertThat(departure.maySave()).isFalse();
  }

  @Test
  void whoHasNotToLeaveMaySaveAsLongAsItWants() {
    assertThat(departure.hasBegun()).isFalse();
    assertThat(departure.movesAt()).isEmpty();
    assertThat(departure.mayGoOn()).isFalse();
    assertThat(departure.maySave()).isTrue();
  }

  @Test
  void theClientsAreToldUntilWhenOnce() {
    departure.begin(Duration.ofMinutes(2));
    departure.tell(frames);
    departure.tell(frames);

    assertThat(told()).containsExactly("2026-11-22T12:01:00Z");
  }

  @Test
  void anEarlierDeadlineCountsAndIsToldALaterOneIsNot() {
    departure.begin(Duration.ofMinutes(2));
    departure.tell(frames);
    departure.begin(Duration.ofMinutes(10));
    departure.tell(frames);
    departure.begin(Duration.ofSeconds(20));
    departure.tell(frames);

    ticker.advance(Duration.ofSeconds(10));
    assertThat(departure.mayGoOn()).isFalse();
    assertThat(told()).containsExactly("2026-11-22T12:01:00Z", "2026-11-22T12:00:10Z");
    assertThat(departure.movesAt()).contains(Instant.parse("2026-11-22T12:00:10Z"));
  }

  @Test
  void itIsToldLaterWhereTheFramesHaveNoRoom() {
    frames.bound(0);
    departure.begin(Duration.ofMinutes(2));
    departure.tell(frames);
    assertThat(told()).isEmpty();

    frames.bound(FrameOutbox.BOUND_BYTES);
    departure.tell(frames);

    assertThat(told()).hasSize(1);
  }

  private List<String> told() {
    return frames.after(0, 1 << 20).stream()
        .map(frame -> ((Notice) frame.event()).failure())
        .filter(failure -> failure.reason() == FailureReason.BODY_MOVES)
        .map(failure -> failure.facts().get(Departure.UNTIL))
        .toList();
  }
}
