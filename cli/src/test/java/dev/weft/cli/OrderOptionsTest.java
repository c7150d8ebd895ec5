package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderOptionsTest {
  @TempDir Path home;
  private CommandRig rig;

  @BeforeEach
  void start() {
    rig = new CommandRig(home);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void howATaskStandsAmongOtherWorkTravelsInTheSpec() {
    rig.weft(
        "submit",
        "--class",
        "P4",
        "--complexity",
        "Auto",
        "--queue",
        "planning",
        "--affinity",
        "session-1",
        "--deadline",
        "1m30s",
        "--expiry",
        "2h",
        "--not-before",
        "500ms",
        "--preemptible",
        "--",
        "true");
    rig.weft("submit", "--", "true");

    JsonNode spec = rig.gateway().submitted().getFirst().path("spec");
    assertThat(spec.path("priorityClass").asText()).isEqualTo("PRIORITY_CLASS_P4");
    assertThat(spec.path("complexity").asText()).isEqualTo("COMPLEXITY_AUTO");
    assertThat(spec.path("queue").asText()).isEqualTo("planning");
    assertThat(spec.path("affinityKey").asText()).isEqualTo("session-1");
    assertThat(spec.path("deadline").asText()).isEqualTo("90s");
    assertThat(spec.path("expiry").asText()).isEqualTo("7200s");
    assertThat(spec.path("notBefore").asText()).isEqualTo("0.5s");
    assertThat(spec.path("preemptible").asBoolean()).isTrue();
    assertThat(rig.gateway().submitted().get(1).path("spec").fieldNames())
        .toIterable()
        .containsExactly("shell");
  }

  @Test
  void runTakesThemToo() {
    assertThat(rig.weft("run", "--queue", "review", "--preemptible", "--", "true")).isZero();

    JsonNode spec = rig.gateway().submitted().getFirst().path("spec");
    assertThat(spec.path("queue").asText()).isEqualTo("review");
    assertThat(spec.path("preemptible").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0.05,50000,USD",
    "2,2000000,USD",
    "0.000001,1,USD",
    "1.20EUR,1200000,EUR",
    "3 CHF,3000000,CHF"
  })
  void aBudgetTravelsInMillionthsOfItsCurrency(String text, String micros, String currency) {
    assertThat(rig.weft("submit", "--budget", text, "--", "true")).isZero();
    assertThat(rig.weft("run", "--budget", text, "--", "true")).isZero();

    assertThat(rig.gateway().submitted()).hasSize(2);
    for (JsonNode request : rig.gateway().submitted()) {
      JsonNode budget = request.path("spec").path("budget");
      assertThat(budget.path("micros").asText()).isEqualTo(micros);
      assertThat(budget.path("currencyCode").asText()).isEqualTo(currency);
    }
  }

  @Test
  void aBudgetInTokensTravelsAloneOrBesideOneInMoney() {
    assertThat(rig.weft("run", "--budget-tokens", "20000", "--", "true")).isZero();
    assertThat(
            rig.weft("submit", "--budget", "1EUR", "--budget-tokens", "5000000000", "--", "true"))
        .isZero();

    JsonNode alone = rig.gateway().submitted().getFirst().path("spec").path("budget");
    assertThat(alone.path("llmTokens").asText()).isEqualTo("20000");
    assertThat(alone.has("micros")).isFalse();
    JsonNode both = rig.gateway().submitted().getLast().path("spec").path("budget");
    assertThat(both.path("llmTokens").asText()).isEqualTo("5000000000");
    assertThat(both.path("micros").asText()).isEqualTo("1000000");
  }

  @Test
  void aDeadlineThatIsNoDurationIsRefusedBeforeItIsSent() {
    assertThat(rig.weft("submit", "--deadline", "soon", "--", "true")).isEqualTo(ExitCodes.USAGE);

    assertThat(rig.stderr()).contains("--deadline: soon (expected: for example 500ms, 30s");
    assertThat(rig.gateway().submitted()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--class    | P9    | --class: P9 (expected: P0..P6)",
        "--class    | ''    | --class: '' (expected: P0..P6)",
        "--queue    | ''    | --queue: '' (expected: [a-z0-9_-]{1,63})",
        "--deadline | -1s   | --deadline: -1s (expected: for example 500ms, 30s, 5m, 1h30m)",
        "--expiry   | ''    | --expiry: '' (expected: for example 500ms, 30s, 5m, 1h30m)",
        "--not-before | 1x  | --not-before: 1x (expected: for example 500ms, 30s, 5m, 1h30m)",
        "--timeout  | abc   | --timeout: abc (expected: for example 500ms, 30s, 5m, 1h30m)",
        "--budget   | x     | --budget: x (expected: for example 0.05EUR; without a currency it is"
            + " USD)",
        "--budget   | -1    | --budget: -1 (expected: for example 0.05EUR; without a currency it is"
            + " USD)",
        "--budget   | 0.00  | --budget: 0.00 (expected: at least 0.000001)",
        "--budget-tokens | 0 | --budget-tokens: 0 (expected: 1 or more)",
        "--memory   | lots  | --memory: lots (expected: for example 65536, 512M, 2G)",
        "--cpu      | -1    | --cpu: -1.0 (expected: more than 0, at most 1000000)",
        "--gpus     | -1    | --gpus: -1 (expected: 0 or more)",
        "--retries  | -1    | --retries: -1 (expected: 0 or more)",
        "--on-lost  | maybe | --on-lost: maybe (expected: one of retry, fail)",
        "--sandbox  | foo   | --sandbox: foo (expected: one of none, landlock, bubblewrap, microvm)"
      })
  void aWrongValueIsNamedWithItsOptionBeforeItIsSent(String option, String value, String said) {
    assertThat(rig.weft("run", option, value, "--", "true")).isEqualTo(ExitCodes.USAGE);

    assertThat(rig.stderr()).isEqualTo("weft: " + said + "\n");
    assertThat(rig.gateway().submitted()).isEmpty();
  }

  @Test
  void anEmptyKeyIsNoKey() {
    assertThat(rig.weft("submit", "--key", "", "--", "true")).isEqualTo(ExitCodes.USAGE);

    assertThat(rig.stderr()).contains("--key: ''");
  }

  @Test
  void aThrottledRunWaitsAndSaysSoOnceUnlessItShallBeQuiet() {
    rig.gateway().throttle(2, "OVERLOADED", Map.of("retry_after_ms", "20"), "1");
    assertThat(rig.weft("run", "--", "true")).isZero();
    assertThat(rig.stderr())
        .isEqualTo(
            "weft: waiting, at most 30 s: OVERLOADED:"
                + " tasks of this tenant: 10 per second are used up\n");

    rig.gateway().throttle(2, "OVERLOADED", Map.of("retry_after_ms", "20"), "1");
    assertThat(rig.weft("run", "-q", "--", "true")).isZero();
    assertThat(rig.stderr()).isEmpty();
    assertThat(rig.gateway().submitted()).hasSize(2);
  }

  @Test
  void aPauseThatIsTooLongEndsTheRunWithTheReason() {
    rig.gateway().throttle(1, "QUEUE_FULL", Map.of(), "600");

    assertThat(rig.weft("run", "--", "true")).isEqualTo(ExitCodes.RUN_BROKEN);

    assertThat(rig.stderr())
        .isEqualTo("weft: QUEUE_FULL: tasks of this tenant: 10 per second are used up\n");
  }
}
