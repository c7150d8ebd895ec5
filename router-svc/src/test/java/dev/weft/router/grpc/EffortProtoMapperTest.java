package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.weft.proto.tasks.v1.Complexity;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.Resources;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.effort.EffortPolicy;
import dev.weft.router.domain.effort.PlaceOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EffortProtoMapperTest {

  private static final TaskSpec SHELL =
      TaskSpec.newBuilder().setShell(ShellExecutor.newBuilder().addArgv("true")).build();

  @Test
  void aTaskThatSaysNothingHasNoEffortAndIsStoredAsItCame() {
    assertThat(effort(SHELL)).isEmpty();
    assertThat(EffortProtoMapper.told(SHELL, Optional.empty())).isSameAs(SHELL);
  }

  @ParameterizedTest
  @EnumSource(
      value = Complexity.class,
      names = {
        "COMPLEXITY_SIMPLE",
        "COMPLEXITY_MEDIUM",
        "COMPLEXITY_COMPLEX",
        "COMPLEXITY_EMERGENCY"
      })
  void whatATaskSaysIsWhatItIsAndWhatIsShown(Complexity said) {
    Effort effort = effort(SHELL.toBuilder().setComplexity(said).build()).orElseThrow();

    assertThat(effort.classified()).isFalse();
    assertThat(EffortProtoMapper.shown(effort).getComplexity()).isEqualTo(said);
  }

  @Test
  void autoIsClassifiedByWhatTheTaskSaysOfItself() {
    TaskSpec.Builder auto = SHELL.toBuilder().setComplexity(Complexity.COMPLEXITY_AUTO);
    assertThat(effort(auto.build()))
        .contains(
            new Effort(
                dev.weft.router.domain.effort.Complexity.SIMPLE,
                true,
                "small",
                PlaceOrder.LOCAL_FIRST));
    assertThat(tier(auto.clone().setTimeout(Duration.newBuilder().setSeconds(601))))
        .isEqualTo("medium");
    assertThat(tier(auto.clone().setResources(Resources.newBuilder().setMemoryBytes(9L << 30))))
        .isEqualTo("large");
    TaskSpec.Builder input = auto.clone();
    input.getShellBuilder().setStdin(ByteString.copyFrom(new byte[33 << 10]));
    assertThat(tier(input)).isEqualTo("large");
  }

  @Test
  void aCommandIsToldItsTierAndNothingElseChanges() {
    TaskSpec hard = SHELL.toBuilder().setComplexity(Complexity.COMPLEXITY_COMPLEX).build();
    TaskSpec noop =
        TaskSpec.newBuilder()
            .setNoop(NoopExecutor.getDefaultInstance())
            .setComplexity(Complexity.COMPLEXITY_COMPLEX)
            .build();

    TaskSpec told = EffortProtoMapper.told(hard, effort(hard));

    assertThat(told.getShell().getEnvironmentMap())
        .containsExactly(java.util.Map.entry("WEFT_MODEL_TIER", "large"));
    assertThat(told.toBuilder().setShell(hard.getShell()).build()).isEqualTo(hard);
    assertThat(EffortProtoMapper.told(noop, effort(noop))).isEqualTo(noop);
  }

  @Test
  void anEmergencyIsOfP0AndOfNoOtherClass() {
    TaskSpec.Builder urgent = SHELL.toBuilder().setComplexity(Complexity.COMPLEXITY_EMERGENCY);

    assertThat(SpecProtoMapper.urgency(urgent.build()).priority())
        .isEqualTo(dev.weft.router.domain.task.PriorityClass.P0);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                SpecProtoMapper.urgency(
                    urgent.setPriorityClass(PriorityClass.PRIORITY_CLASS_P2).build()))
        .withMessage("priority_class: P2 (expected: P0 or none with complexity EMERGENCY)");
  }

  @Test
  void aComplexityThatThereIsNotIsRefusedByItsNumber() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> effort(SHELL.toBuilder().setComplexityValue(9).build()))
        .withMessageContaining("complexity: 9 (expected: AUTO, SIMPLE");
  }

  private static String tier(TaskSpec.Builder spec) {
    return effort(spec.build()).orElseThrow().tier();
  }

  private static Optional<Effort> effort(TaskSpec spec) {
    return EffortProtoMapper.effort(
        spec, SpecProtoMapper.requirements(spec), EffortPolicy.STANDARD);
  }
}
