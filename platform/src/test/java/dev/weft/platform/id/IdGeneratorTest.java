package dev.weft.platform.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.platform.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdGeneratorTest {

  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05.678Z");

  private final SettableClock clock = new SettableClock(NOW);

  @Test
  void idIsUuidVersion7WithTimeAndCell() {
    UUID id = new IdGenerator(0xABC, clock, new Random(1)).next();

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(IdGenerator.timeOf(id)).isEqualTo(NOW);
    assertThat(id.getMostSignificantBits() & IdGenerator.MAX_CELL).isEqualTo(0xABC);
  }

  @Test
  void laterIdsSortLater() {
    IdGenerator ids = new IdGenerator(3, clock, new Random(2));
    String before = PrefixedId.format("tsk", ids.next());
    clock.advance(Duration.ofMillis(1));
    String after = PrefixedId.format("tsk", ids.next());

    assertThat(after).isGreaterThan(before);
  }

  @Test
  void idsOfOneMillisecondDiffer() {
    IdGenerator ids = new IdGenerator(0, clock, new Random(3));
    Set<UUID> seen = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      seen.add(ids.next());
    }

    assertThat(seen).hasSize(100_000);
  }

  @Test
  void refusesACellThatDoesNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IdGenerator(4096, clock, new Random(4)))
        .withMessageContaining("cell: 4096");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IdGenerator(-1, clock, new Random(4)));
  }
}
