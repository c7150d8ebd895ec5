package dev.weft.gateway.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.domain.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputCursorTest {

  @Test
  void aCursorIsReadAsItWasWritten() {
    for (OutputCursor cursor :
        new OutputCursor[] {
          OutputCursor.START,
          new OutputCursor(7, 12),
          new OutputCursor(999_999_999, 999_999_999_999_999_999L)
        }) {
      assertThat(OutputCursor.parse(cursor.toString())).isEqualTo(cursor);
    }
    assertThat(OutputCursor.parse("")).isEqualTo(OutputCursor.START);
    assertThat(new OutputCursor(1, 99).isBefore(new OutputCursor(2, 0))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "1.",
        ".1",
        "0.1",
        "1.01",
        "-1.1",
        "1.-1",
        "1.1.1",
        "a.b",
        "1 .1",
        "9999999999.1",
        "1.9999999999999999999"
      })
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> OutputCursor.parse(text)).isInstanceOf(InvalidRequest.class);
  }
}
