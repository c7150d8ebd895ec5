package dev.weft.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountsTest {
  @ParameterizedTest
  @CsvSource({"500ms,0.5s", "2s,2s", "1.5s,1.5s", "1h30m,5400s", "2d,172800s"})
  void durationsBecomeProtobufs(String text, String json) {
    assertThat(Amounts.protoJson(Amounts.duration("--ttl", text))).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-1s", "1s x", "x1s", "1,5s"})
  void badDurationsAreNamed(String text) {
    assertThatThrownBy(() -> Amounts.duration("--ttl", text))
        .hasMessageStartingWith("--ttl: " + (text.isEmpty() ? "''" : text) + " (expected");
  }

  @Test
  void whatNoNumberHoldsIsNamedToo() {
    assertThatThrownBy(() -> Amounts.duration("--ttl", "99999999999999999999d"))
        .hasMessage("--ttl: 99999999999999999999d (expected: at most 36500d)");
    assertThatThrownBy(() -> Amounts.bytes("--disk", "99999999T"))
        .hasMessage("--disk: 99999999T (expected: less than 8 EiB)");
  }

  @ParameterizedTest
  @CsvSource({"65536,65536", "512M,536870912", "2GiB,2147483648", "1.5K,1536"})
  void sizesArePowersOf1024(String text, long bytes) {
    assertThat(Amounts.bytes("--disk", text)).isEqualTo(bytes);
  }

  @Test
  void periodsAreShort() {
    assertThat(Amounts.period(Duration.ofMillis(1340))).isEqualTo("1.3s");
    assertThat(Amounts.period(Duration.ofSeconds(312))).isEqualTo("5m12s");
    assertThat(Amounts.period(Duration.ofHours(76))).isEqualTo("3d4h");
  }

  @Test
  void cellsCannotBreakTheTable() {
    String table = new Table("A", "B").row("x\u001b[2J\n", "").row("long cell", 1).render();

    assertThat(table.lines())
        .containsExactly("A          B", "x\uFFFD[2J\uFFFD     -", "long cell  1");
  }
}
