package dev.weft.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
  private static final String GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void callersTraceIsTakenUp() {
    assertThat(Trace.from(" " + GIVEN + "\n").traceparent()).isEqualTo(GIVEN);
    assertThat(Trace.from(GIVEN).id()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"
      })
  void whatIsNoTraceGivesANewOne(String text) {
    Trace first = Trace.from(text);

    assertThat(first.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(first).isNotEqualTo(Trace.from(text));
  }
}
