package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.Duration;
import dev.weft.proto.tasks.v1.CapabilityRequirement;
import dev.weft.proto.tasks.v1.NetworkAccess;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.OnLost;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.Requirements;
import dev.weft.proto.tasks.v1.Resources;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.placement.CapabilityNeed;
import dev.weft.router.domain.placement.Destination;
import dev.weft.router.domain.placement.LlmNeed;
import dev.weft.router.domain.task.RetryTerms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecProtoMapperTest {

  private static final TaskSpec SHELL =
      TaskSpec.newBuilder().setShell(ShellExecutor.newBuilder().addArgv("true")).build();
  private static final TaskSpec NOOP =
      TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance()).build();

  @Test
  void aBareCommandTakesTheDefaultsAndABubblewrapSandboxWithoutNetwork() {
    var need = SpecProtoMapper.requirements(SHELL);

    assertThat(need.executor()).isEqualTo("shell");
    assertThat(need.resources()).isEqualTo(SpecProtoMapper.SHELL_DEFAULT.rounded());
    assertThat(need.isolation().level()).isEqualTo(SandboxLevel.BUBBLEWRAP);
    assertThat(need.isolation().networkOpen()).isFalse();
    assertThat(need.destination()).isEqualTo(Destination.ANYWHERE);
  }

  @Test
  void aNoopTakesNothingButItsCountAndNeedsNoSandbox() {
    var need = SpecProtoMapper.requirements(NOOP);

    assertThat(need.resources()).isEqualTo(dev.weft.router.domain.fleet.Resources.NONE);
    assertThat(need.isolation().level()).isEqualTo(SandboxLevel.NONE);
  }

  @Test
  void everythingThatIsAskedOfAWorkerReachesTheFilter() {
    TaskSpec spec =
        SHELL.toBuilder()
            .setRequirements(
                Requirements.newBuilder()
                    .addCapabilities(
                        CapabilityRequirement.newBuilder()
                            .setName("CODING")
                            .setMinProficiency(0.75))
                    .setGpus(2)
                    .setGpuMemoryBytes(80L << 30)
                    .setRegion("eu-west-1")
                    .setLlmModel("qwen3-235b")
                    .setLlmMinContext(64_000))
            .setResources(
                Resources.newBuilder()
                    .setCpuMilli(2_000)
                    .setMemoryBytes(1L << 30)
                    .setDiskBytes(1L << 30))
            .setNetworkAccess(NetworkAccess.NETWORK_ACCESS_OPEN)
            .setQueue("review")
            .build();

    var need = SpecProtoMapper.requirements(spec);

    assertThat(need.capabilities()).containsExactly(new CapabilityNeed("CODING", 750));
    assertThat(need.destination()).isEqualTo(new Destination("review", "eu-west-1"));
    assertThat(need.llm()).isEqualTo(new LlmNeed("qwen3-235b", 64_000));
    assertThat(need.gpuMemoryBytes()).isEqualTo(80L << 30);
    assertThat(need.resources().gpus()).isEqualTo(2);
    assertThat(need.resources().cpuMilli()).isEqualTo(2_000);
    assertThat(need.isolation().networkOpen()).isTrue();
  }

  @Test
  void withoutAnExpiryTheClassesOwnTimeToLiveIsTaken() {
    assertThat(SpecProtoMapper.expiryMillis(NOOP)).isZero();
    TaskSpec own = NOOP.toBuilder().setExpiry(Duration.newBuilder().setNanos(1_500_000)).build();
    assertThat(SpecProtoMapper.expiryMillis(own)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "PRIORITY_CLASS_UNSPECIFIED, P2",
    "PRIORITY_CLASS_P0, P0",
    "PRIORITY_CLASS_P1, P1",
    "PRIORITY_CLASS_P4, P4",
    "PRIORITY_CLASS_P6, P6"
  })
  void everyClassIsTheCoresOfThatName(
      PriorityClass priority, dev.weft.router.domain.task.PriorityClass expected) {
    TaskSpec spec = NOOP.toBuilder().setPriorityClass(priority).build();

    assertThat(SpecProtoMapper.urgency(spec).priority()).isEqualTo(expected);
  }

  @Test
  void aDeadlineOfItsOwnAndTheLeaveToBeEndedForAP0AreTheCores() {
    TaskSpec spec =
        NOOP.toBuilder()
            .setDeadline(com.google.protobuf.Duration.newBuilder().setSeconds(8))
            .setPreemptible(true)
            .build();

    assertThat(SpecProtoMapper.urgency(spec).deadlineMillis()).isEqualTo(8_192);
    assertThat(SpecProtoMapper.retry(spec).preemptible()).isTrue();
    assertThat(SpecProtoMapper.urgency(NOOP).deadlineMillis()).isZero();
    assertThat(SpecProtoMapper.retry(NOOP).preemptible()).isFalse();
  }

  @Test
  void aZeroOfRetriesIsNotTheDefault() {
    TaskSpec none =
        NOOP.toBuilder().setRetryPolicy(RetryPolicy.newBuilder().setMaxRetries(0)).build();

    assertThat(SpecProtoMapper.retry(NOOP)).isEqualTo(RetryTerms.DEFAULT);
    assertThat(SpecProtoMapper.retry(none).maxRetries()).isZero();
  }

  @Test
  void workWithSideEffectsIsNotRunAgainWhenItsWorkerIsLost() {
    TaskSpec once = NOOP.toBuilder().setOnLost(OnLost.ON_LOST_FAIL).build();

    assertThat(SpecProtoMapper.retry(once).rerunLost()).isFalse();
    assertThat(SpecProtoMapper.retry(NOOP).rerunLost()).isTrue();
  }

  @Test
  void delaysAreMilliseconds() {
    TaskSpec later =
        NOOP.toBuilder()
            .setNotBefore(Duration.newBuilder().setSeconds(2).setNanos(500_000_000))
            .build();

    assertThat(SpecProtoMapper.notBeforeMillis(later)).isEqualTo(2_500);
  }

  @Test
  void aSpecWithoutAnExecutorIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SpecProtoMapper.requirements(TaskSpec.getDefaultInstance()))
        .withMessageContaining("executor");
  }
}
