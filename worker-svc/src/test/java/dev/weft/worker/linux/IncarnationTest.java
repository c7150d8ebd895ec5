package dev.weft.worker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncarnationTest {

  private final SettableClock clock = new SettableClock();

  @TempDir Path data;

  @Test
  void aLifeIsNumberedByItsStart() {
    assertThat(Incarnation.begin(data, clock)).isEqualTo(clock.millis());
  }

  @Test
  void aLaterLifeHasTheHigherNumberAlsoWhenTheClockHasGoneBack() {
    clock.advance(Duration.ofDays(1));
    long first = Incarnation.begin(data, clock);
    clock.advance(Duration.ofDays(-1));

    assertThat(Incarnation.begin(data, clock)).isEqualTo(first + 1);
    assertThat(Incarnation.begin(data, clock)).isEqualTo(first + 2);
  }

  @Test
  void whatIsNoNumberCountsAsNeverWritten() throws IOException {
    Files.writeString(data.resolve("incarnation"), "yesterday");

    assertThat(Incarnation.begin(data, clock)).isEqualTo(clock.millis());
  }
}
