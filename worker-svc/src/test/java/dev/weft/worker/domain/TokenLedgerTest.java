package dev.weft.worker.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLedgerTest {

  private final TokenLedger ledger = new TokenLedger();

  private void write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ledger.take(bytes, bytes.length);
  }

  @Test
  void reportsAddUpByModelHoweverTheirBytesCome() {
    String text =
        """
        {"model":"small","inputTokens":10,"outputTokens":5}
        {"outputTokens": 7, "model": "large/2026-01", "inputTokens": 100}
        {"model":"small","inputTokens":1}\r
        """;
    text.chars().forEach(each -> write(Character.toString(each)));

    assertThat(ledger.total())
        .isEqualTo(
            new TokenUse(
                List.of(new ModelTokens("large/2026-01", 100, 7), new ModelTokens("small", 11, 5)),
                0));
  }

  @Test
  void membersThatAreNotMeantForUsArePassedOver() {
    write(
        "{\"id\":\"a\\\"}{,:\",\"cached\":true,\"cost\":-1.5e-3,\"outputTokens\":2,\"x\":null}\n");

    assertThat(ledger.total())
        .isEqualTo(new TokenUse(List.of(new ModelTokens("unknown", 0, 2)), 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "{}",
        "[]",
        "{",
        "{\"model\":\"a\"}",
        "{\"inputTokens\":-1}",
        "{\"inputTokens\":1.5}",
        "{\"inputTokens\":\"1\"}",
        "{\"inputTokens\":99999999999}",
        "{\"inputTokens\":1,}",
        "{\"inputTokens\":1 \"outputTokens\":1}",
        "{\"inputTokens\":1}{\"inputTokens\":1}",
        "{\"usage\":{\"inputTokens\":1}}",
        "{\"model\":\"\",\"inputTokens\":1}",
        "{\"model\":\"\u001b[31m\",\"inputTokens\":1}",
        "{\"model\":7,\"inputTokens\":1}"
      })
  void whatIsNoReportIsCountedAndChangesNothing(String line) {
    write(line + "\n{\"inputTokens\":1}\n");

    assertThat(ledger.total())
        .isEqualTo(new TokenUse(List.of(new ModelTokens("unknown", 1, 0)), 1));
  }

  @Test
  void aLineWithoutEndTakesNoMoreRoomThanTheLongestAndIsIgnored() {
    write("x".repeat(1_000_000));
    write("\n\n  \n{\"inputTokens\":1}");
    assertThat(ledger.total()).isEqualTo(new TokenUse(List.of(), 1));

    ledger.end();

    assertThat(ledger.total().models()).containsExactly(new ModelTokens("unknown", 1, 0));
    assertThat(ledger.total().ignoredLines()).isOne();
  }

  @Test
  void theLongestLineOfEscapesIsReadWithoutDeepRecursion() {
    String text = "\\\\".repeat(TokenLedger.LONGEST_LINE / 2 - 20);
    write("{\"a\":\"" + text + "\",\"inputTokens\":3}\n");

    assertThat(ledger.total().models()).containsExactly(new ModelTokens("unknown", 3, 0));
  }

  @Test
  void modelsBeyondTheMostAreOne() {
    IntStream.range(0, 1_000)
        .forEach(i -> write("{\"model\":\"m%03d\",\"inputTokens\":1}\n".formatted(i)));
    write("{\"model\":\"m000\",\"inputTokens\":1}\n");

    List<ModelTokens> models = ledger.total().models();

    assertThat(models).hasSize(TokenLedger.MOST_MODELS + 1);
    assertThat(models).contains(new ModelTokens("m000", 2, 0));
    assertThat(models)
        .contains(new ModelTokens(TokenLedger.OTHER, 1_000 - TokenLedger.MOST_MODELS, 0));
  }
}
