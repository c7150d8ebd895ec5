package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.task.Document;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequirementsCodecTest {

  private static final Requirements FULL =
      new Requirements(
          "shell",
          List.of(new CapabilityNeed("TESTING", 1), new CapabilityNeed("CODING", 850)),
          "ap-northeast-1",
          new LlmNeed("qwen", 32_000),
          24L << 30,
          new Isolation(SandboxLevel.MICROVM, true),
          new Resources(1_234, 1 << 20, 5, 2));

  @Test
  void whatWasStoredIsReadBack() {
    assertThat(RequirementsCodec.decode(RequirementsCodec.encode(FULL))).isEqualTo(FULL);
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
            "ap-northeast-1",
            new LlmNeed("qwen", 32_000),
            24L << 30,
            new Isolation(SandboxLevel.MICROVM, true),
            new Resources(1_001, 16 << 20, 1, 2));
    assertThat(other).isEqualTo(FULL);
    assertThat(FULL.resources().cpuMilli()).isEqualTo(1_250);
  }
}
