package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.effort.Complexity;
import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.task.Document;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequirementsCodecTest {

  private static final Requirements FULL =
      new Requirements(
          "shell",
          List.of(new CapabilityNeed("TESTING", 1), new CapabilityNeed("CODING", 850)),
          new Destination("review", "ap-northeast-1"),
          new LlmNeed("qwen", 32_000),
          24L << 30,
          new Isolation(SandboxLevel.MICROVM, true),
          new Resources(1_234, 1 << 20, 5, 2));

  /** A command of one core in the region eu. */
  private static final String FIRST_RELEASE =
      "0100057368656c6c0000000265750000000000000000000000000000020000000000000003e80000"
          + "000000000000000000000000000000000000";

  @Test
  void aUsersRegionIsWrittenInAVersionOfItsOwnAndOnlyWhereThereIsOne() {
    Requirements near =
        Workers.in(
            new Destination("", "eu", new Budget(5, "USD"), Optional.empty(), "eu-west-1", 0));
    assertThat(RequirementsCodec.decode(RequirementsCodec.encode(near))).isEqualTo(near);
    assertThat(RequirementsCodec.encode(near).bytes()[0]).isEqualTo((byte) 4);
    assertThat(RequirementsCodec.hasBudget(RequirementsCodec.encode(near))).isTrue();
    Requirements nobody =
        Workers.in(new Destination("", "eu", new Budget(5, "USD"), Optional.empty()));
    assertThat(RequirementsCodec.encode(nobody).bytes()[0]).isEqualTo((byte) 3);
  }

  @Test
  void aBudgetInTokensIsWrittenInAVersionOfItsOwnAndOnlyWhereThereIsOne() {
    Requirements capped =
        Workers.in(new Destination("", "eu", Budget.NONE, Optional.empty(), "eu-west-1", 5_000));
    Document stored = RequirementsCodec.encode(capped);
    assertThat(RequirementsCodec.decode(stored)).isEqualTo(capped);
    assertThat(stored.bytes()[0]).isEqualTo((byte) 5);
    assertThat(RequirementsCodec.hasBudget(stored)).isTrue();
  }

  @Test
  void whatWasStoredIsReadBack() {
    assertThat(RequirementsCodec.decode(RequirementsCodec.encode(FULL))).isEqualTo(FULL);
  }

  @Test
  void whatNamesNoQueueIsWrittenAsBeforeThereWereQueuesAndReadSo() {
    Requirements plain = Workers.in("eu");

    Document stored = RequirementsCodec.encode(plain);

    assertThat(stored.bytes()).isEqualTo(HexFormat.of().parseHex(FIRST_RELEASE));
    assertThat(RequirementsCodec.decode(stored)).isEqualTo(plain);
    assertThat(RequirementsCodec.decode(stored).destination().queue()).isEqualTo("default");
  }

  @Test
  void anEffortIsReadBackAndWhatHasNoneIsWrittenAsBeforeThereWereEfforts() {
    Requirements hard = Workers.of(Complexity.COMPLEX);

    assertThat(RequirementsCodec.decode(RequirementsCodec.encode(hard))).isEqualTo(hard);
    assertThat(RequirementsCodec.hasBudget(RequirementsCodec.encode(hard))).isFalse();
    assertThat(RequirementsCodec.encode(FULL).bytes()[0]).isEqualTo((byte) 2);
  }

  @Test
  void aBudgetIsStoredAndWhatHasNoneIsWrittenAsBeforeThereWereBudgets() {
    Requirements capped =
        Workers.in(new Destination("review", "eu", new Budget(50_000, "CHF"), Optional.empty()));

    assertThat(RequirementsCodec.decode(RequirementsCodec.encode(capped))).isEqualTo(capped);
    assertThat(RequirementsCodec.encode(FULL).bytes()[0]).isEqualTo((byte) 2);
    assertThat(RequirementsCodec.hasBudget(RequirementsCodec.encode(capped))).isTrue();
    assertThat(RequirementsCodec.hasBudget(RequirementsCodec.encode(FULL))).isFalse();
  }

  @Test
  void anUnknownVersionAndACutDocumentAreRefused() {
    byte[] bytes = RequirementsCodec.encode(FULL).bytes().clone();
    assertThatThrownBy(
            () -> RequirementsCodec.decode(Document.of(java.util.Arrays.copyOf(bytes, 9))))
        .hasMessageContaining("cut short");
    bytes[0] = 9;
    assertThatThrownBy(() -> RequirementsCodec.decode(Document.of(bytes)))
        .hasMessageContaining("version: 9");
  }

  @Test
  void orderOfCapabilitiesAndSmallDifferencesOfSizeMakeNoOtherShape() {
    Requirements other =
        new Requirements(
            "shell",
            List.of(new CapabilityNeed("CODING", 850), new CapabilityNeed("TESTING", 1)),
            new Destination("review", "ap-northeast-1"),
            new LlmNeed("qwen", 32_000),
            24L << 30,
            new Isolation(SandboxLevel.MICROVM, true),
            new Resources(1_001, 16 << 20, 1, 2));
    assertThat(other).isEqualTo(FULL);
    assertThat(FULL.resources().cpuMilli()).isEqualTo(1_250);
  }
}
