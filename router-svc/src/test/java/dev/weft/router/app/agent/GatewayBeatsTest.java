package dev.weft.router.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatewayBeatsTest {

  private static final Duration ALMOST = GatewayBeats.SILENCE.minusMillis(1);
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final SettableTicker ticker = new SettableTicker();
  private final GatewayBeats beats = new GatewayBeats(ticker);

  @Test
  void aGatewayKeepsItsHomesUntilItHasBeenSilentForTooLong() {
    assertThat(beats.beating(1)).isEmpty();
    ticker.advance(GatewayBeats.SILENCE);
    beats.heard("a:1", 1);

    ticker.advance(ALMOST);
    assertThat(beats.keeps("a:1", 1)).isTrue();
    assertThat(beats.beating(1)).containsExactly("a:1");
    ticker.advance(MOMENT);

    assertThat(beats.keeps("a:1", 1)).isFalse();
    assertThat(beats.beating(1)).isEmpty();
  }

  @Test
  void afterATakeoverEveryGatewayHasTimeToBeHeardAndWhoAsksFirstBeginsIt() {
    beats.heard("a:1", 1);
    ticker.advance(Duration.ofHours(1));

    assertThat(beats.keeps("a:1", 2)).isTrue();
    assertThat(beats.keeps("b:1", 1)).isTrue();
    assertThat(beats.beating(2)).isEmpty();
    beats.heard("c:1", 2);
    ticker.advance(ALMOST);
    assertThat(beats.keeps("a:1", 2)).isTrue();
    assertThat(beats.beating(2)).containsExactly("c:1");
    ticker.advance(MOMENT);

    assertThat(beats.keeps("a:1", 2)).isFalse();
  }

  @Test
  void whoCallsItselfByAThousandNamesTakesNoMoreMemoryThanThat() {
    for (int i = 0; i < 5_000; i++) {
      beats.heard("g" + i + ":1", 1);
    }
    assertThat(beats.beating(1)).hasSize(1_000);

    ticker.advance(GatewayBeats.SILENCE);
    beats.heard("a:1", 1);

    assertThat(beats.beating(1)).containsExactly("a:1");
  }
}
