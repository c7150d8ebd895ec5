package dev.weft.registry.domain.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.registry.domain.check.InvalidFieldException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerProfileTest {

  @Test
  void theWorkersOfTheDocumentsAreValid() {
    assertThat(Profiles.gpu("dgx-tokyo-01").skills().llmModels())
        .containsExactly(new LlmModel("qwen3-235b", 128_000, 50, 8));
    assertThat(Profiles.browser("browser-aws-useast-03").skills().browserAutomation())
        .isEqualTo(new BrowserAutomation("playwright", false, 5900, true, 4));
    assertThat(Profiles.sandbox("sandbox-onprem-01").machine().virtualization())
        .isEqualTo(new Virtualization("firecracker", 32, Duration.ofMillis(125), true));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void nonsenseNamesFieldValueAndExpectation(
      Supplier<Object> making, String field, String value, String expected) {
    assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(making::get)
        .satisfies(
            e -> {
              assertThat(e.field()).isEqualTo(field);
              assertThat(e.value()).isEqualTo(value);
              assertThat(e.expected()).contains(expected);
              assertThat(e).hasMessage(field + ": " + value + " (expected: " + e.expected() + ")");
            });
  }

  static List<Arguments> nonsense() {
    return List.of(
        of(() -> identity("GPU Tokyo", "gpu"), "name", "GPU Tokyo", "[a-z0-9]"),
        of(() -> identity("", "gpu"), "name", "empty", "[a-z0-9]"),
        of(() -> identity("wkr_1", "gpu"), "name", "wkr_1", "does not start like an id"),
        of(() -> identity("w", "G!"), "kind", "G!", "[a-z0-9]"),
        of(() -> labels(Map.of("a b", "c")), "labels", "a b", "[A-Za-z0-9]"),
        of(() -> labels(Map.of("a", "b\u0000")), "labels[a]", "b\u0000", "no control"),
        of(() -> labels(many(65)), "labels", "65 entries", "at most 64"),
        of(() -> new Capability("coding", 1), "name", "coding", "[A-Z]"),
        of(() -> new Capability("CODING", 1.01), "proficiency", "1.01", "0.0 to 1.0"),
        of(() -> new Capability("CODING", Double.NaN), "proficiency", "NaN", "0.0 to 1.0"),
        of(() -> new LlmModel("", 1, 1, 1), "model", "empty", "1 to 128"),
        of(() -> new LlmModel("m", 0, 1, 1), "max_context", "0", "1 to"),
        of(() -> new LlmModel("m", 1, 0, 1), "tokens_per_second", "0.0", "0.001 to"),
        of(
            () -> new LlmModel("m", 1, Double.POSITIVE_INFINITY, 1),
            "tokens_per_second",
            "Infinity",
            "0.001 to"),
        of(() -> new LlmModel("m", 1, 1, 0), "concurrent_requests", "0", "1 to"),
        of(
            () -> new VisionModel("x".repeat(129), true, true),
            "model",
            "x".repeat(64) + "…",
            "128"),
        of(() -> new CodeAnalysis("", List.of()), "tool", "empty", "1 to 128"),
        of(
            () -> new CodeAnalysis("jedi", List.of("python", "python")),
            "languages",
            "python twice",
            "at most once"),
        of(
            () -> new BrowserAutomation("p", true, 65_536, true, 1),
            "vnc_port",
            "65536",
            "0 to 65535"),
        of(() -> new BrowserAutomation("p", true, 0, true, 0), "concurrent_sessions", "0", "1 to"),
        of(() -> new Hardware(0, 1, 1, List.of()), "cpu_milli", "0", "1 to"),
        of(() -> new Hardware(1, -1, 1, List.of()), "memory_bytes", "-1", "1 to"),
        of(() -> new Hardware(1, 1, -1, List.of()), "disk_bytes", "-1", "0 to"),
        of(
            () -> new Hardware(1, 1, 1, Collections.nCopies(1025, new Gpu("g", 1))),
            "gpus",
            "1025 entries",
            "at most 1024"),
        of(() -> new Gpu("", 1), "model", "empty", "1 to 128"),
        of(() -> new NetworkCapability(-1, true, true), "bandwidth_mbps", "-1", "0 to"),
        of(
            () -> new Virtualization("f", 1, Duration.ofHours(2), true),
            "boot_time",
            "PT2H",
            "PT0S to PT1H"),
        of(() -> new TaskLimits(-5, 0, 0), "max_memory_bytes", "-5", "0 to"),
        of(() -> LimitsScope.of("none"), "limits_scope", "none", "tree or process"),
        of(() -> new Location("Tokyo", "", Duration.ZERO), "region", "Tokyo", "[a-z0-9]"),
        of(() -> new Location("x", "", Duration.ofSeconds(-1)), "latency", "PT-1S", "PT0S to PT1M"),
        of(() -> new Price(-1, "USD"), "micros_per_hour", "-1", "0 to"),
        of(() -> new Price(1, ""), "currency_code", "empty", "[A-Z]{3}"),
        of(() -> new Price(0, "usd"), "currency_code", "usd", "[A-Z]{3}"),
        of(() -> skills(List.of()), "executors", "empty", "at least one"),
        of(() -> skills(List.of("Shell")), "executors", "Shell", "[a-z]"),
        of(() -> skills(List.of("a", "a")), "executors", "a twice", "at most once"),
        of(() -> queues(List.of("Planning")), "queues", "Planning", "[a-z0-9_-]"),
        of(() -> queues(List.of("q".repeat(64))), "queues", "q".repeat(64), "[a-z0-9_-]"),
        of(() -> queues(List.of("a", "a")), "queues", "a twice", "at most once"));
  }

  private static Arguments of(
      Supplier<Object> making, String field, String value, String expected) {
    return Arguments.of(Named.of(field + "=" + value.strip(), making), field, value, expected);
  }

  private static Identity identity(String name, String kind) {
    return new Identity(name, kind, "", Map.of());
  }

  private static Identity labels(Map<String, String> labels) {
    return new Identity("w", "k", "", labels);
  }

  private static Skills skills(List<String> executors) {
    return new Skills(List.of(), executors, List.of(), List.of(), List.of(), List.of(), null);
  }

  private static Skills queues(List<String> queues) {
    return new Skills(List.of(), List.of("shell"), queues, List.of(), List.of(), List.of(), null);
  }

  private static Map<String, String> many(int count) {
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < count; i++) {
      labels.put("l" + i, "");
    }
    return labels;
  }
}
