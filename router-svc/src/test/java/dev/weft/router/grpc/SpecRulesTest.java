package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.Duration;
import dev.weft.proto.tasks.v1.Budget;
import dev.weft.proto.tasks.v1.OnLost;
import dev.weft.proto.tasks.v1.TaskSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands beside a task among other work, on both sides of its bounds. */
class SpecRulesTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "default", "planning", "0_a-9"})
  void aQueueIsAShortPlainName(String queue) {
    assertThatCode(() -> SpecRules.check(spec().setQueue(queue).build()))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Planning", "a b", "ä", "a.b", "a\n"})
  void anyOtherQueueIsRefusedByName(String queue) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SpecRules.check(spec().setQueue(queue).build()))
        .withMessageStartingWith("queue: " + queue);
  }

  @Test
  void aQueueHasAtMostSixtyThreeCharacters() {
    assertThatCode(() -> SpecRules.check(spec().setQueue("q".repeat(63)).build()))
        .doesNotThrowAnyException();
    assertRefused(spec().setQueue("q".repeat(64)).build(), "queue: qqq");
  }

  @Test
  void anAffinityKeyHasAtMostOneHundredTwentyEightCharacters() {
    assertThatCode(() -> SpecRules.check(spec().setAffinityKey("\uD83D\uDE00".repeat(128)).build()))
        .doesNotThrowAnyException();
    assertRefused(
        spec().setAffinityKey("k".repeat(129)).build(), "affinity_key: 129 characters (expected:");
  }

  @Test
  void aDeadlineIsAMillisecondToTwentyFourDays() {
    assertThatCode(() -> SpecRules.check(deadline(0, 1_000_000))).doesNotThrowAnyException();
    assertThatCode(() -> SpecRules.check(deadline(24 * 86_400, 0))).doesNotThrowAnyException();
    assertRefused(deadline(0, 0), "deadline: under 1 ms");
    assertRefused(deadline(0, 999_999), "deadline: under 1 ms");
    assertRefused(deadline(-1, 0), "deadline: -1 s");
    assertRefused(deadline(24 * 86_400 + 1, 0), "deadline: 2073601 s (expected: 0..2073600 s)");
  }

  @Test
  void aBudgetIsAnAmountOfACurrency() {
    assertThatCode(() -> SpecRules.check(budget(1, "USD"))).doesNotThrowAnyException();
    assertRefused(budget(0, "USD"), "budget.micros: 0 (expected: >= 1)");
    assertRefused(budget(-1, "USD"), "budget.micros: -1");
    assertRefused(budget(1, ""), "budget.currency_code:  (expected: ISO 4217");
    assertRefused(budget(1, "usd"), "budget.currency_code: usd");
  }

  @Test
  void aBudgetMayBeInTokensAloneOrBeside() {
    assertThatCode(() -> SpecRules.check(tokens(budget(0, ""), 1))).doesNotThrowAnyException();
    assertThatCode(() -> SpecRules.check(tokens(budget(1, "USD"), 1))).doesNotThrowAnyException();
    assertRefused(tokens(budget(0, "USD"), 1), "budget.micros: 0 (expected: >= 1)");
    assertRefused(tokens(budget(0, ""), 0), "budget.micros: 0 (expected: >= 1)");
    assertRefused(
        tokens(budget(1, "USD"), -1), "budget.llm_tokens: -1 (expected: 0..1000000000000000)");
    assertRefused(tokens(budget(0, ""), Long.MAX_VALUE), "budget.llm_tokens: 9223372036854775807");
  }

  private static TaskSpec tokens(TaskSpec spec, long most) {
    return spec.toBuilder().setBudget(spec.getBudget().toBuilder().setLlmTokens(most)).build();
  }

  private static TaskSpec budget(long micros, String currency) {
    return spec()
        .setBudget(Budget.newBuilder().setMicros(micros).setCurrencyCode(currency))
        .build();
  }

  @Test
  void whatMustNotRunAgainCannotBePreempted() {
    TaskSpec.Builder preemptible = spec().setPreemptible(true);
    assertThatCode(() -> SpecRules.check(preemptible.build())).doesNotThrowAnyException();
    assertRefused(
        preemptible.setOnLost(OnLost.ON_LOST_FAIL).build(),
        "preemptible: true (expected: false with on_lost FAIL)");
  }

  private static void assertRefused(TaskSpec spec, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SpecRules.check(spec))
        .withMessageStartingWith(message);
  }

  private static TaskSpec deadline(long seconds, int nanos) {
    return spec().setDeadline(Duration.newBuilder().setSeconds(seconds).setNanos(nanos)).build();
  }

  private static TaskSpec.Builder spec() {
    return RouterFixture.NOOP.toBuilder();
  }
}
