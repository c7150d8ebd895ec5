package dev.weft.router.grpc;

import dev.weft.proto.tasks.v1.Complexity;
import dev.weft.proto.tasks.v1.PlacedEffort;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.effort.EffortPolicy;
import dev.weft.router.domain.effort.Workload;
import dev.weft.router.domain.placement.Requirements;
import java.util.Optional;

/** What a task's complexity means, in the core's words and in the work's. */
final class EffortProtoMapper {

  /** Where a command finds the tier of models that it should use. */
  static final String TIER_VARIABLE = "WEFT_MODEL_TIER";

  private EffortProtoMapper() {}

  /**
   * @param need what the same spec asks of a worker
   * @throws IllegalArgumentException naming field, value and what was expected
   */
  static Optional<Effort> effort(TaskSpec spec, Requirements need, EffortPolicy policy) {
    return switch (spec.getComplexity()) {
      case COMPLEXITY_UNSPECIFIED -> Optional.empty();
      case COMPLEXITY_AUTO -> Optional.of(policy.classified(workload(spec, need)));
      case COMPLEXITY_SIMPLE -> said(dev.weft.router.domain.effort.Complexity.SIMPLE, policy);
      case COMPLEXITY_MEDIUM -> said(dev.weft.router.domain.effort.Complexity.MEDIUM, policy);
      case COMPLEXITY_COMPLEX -> said(dev.weft.router.domain.effort.Complexity.COMPLEX, policy);
      case COMPLEXITY_EMERGENCY -> said(dev.weft.router.domain.effort.Complexity.EMERGENCY, policy);
      case UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "complexity: %d (expected: AUTO, SIMPLE, MEDIUM, COMPLEX or EMERGENCY)"
                  .formatted(spec.getComplexityValue()));
    };
  }

  /** The spec with what its command is told; only commands can be told. */
  static TaskSpec told(TaskSpec spec, Optional<Effort> effort) {
    if (effort.isEmpty() || !spec.hasShell()) {
      return spec;
    }
    TaskSpec.Builder told = spec.toBuilder();
    told.getShellBuilder().putEnvironment(TIER_VARIABLE, effort.get().tier());
    return told.build();
  }

  static PlacedEffort shown(Effort effort) {
    return PlacedEffort.newBuilder()
        .setComplexity(Complexity.valueOf("COMPLEXITY_" + effort.complexity()))
        .setClassified(effort.classified())
        .setModelTier(effort.tier())
        .setPlaceOrder(effort.places().name())
        .build();
  }

  private static Optional<Effort> said(
      dev.weft.router.domain.effort.Complexity complexity, EffortPolicy policy) {
    return Optional.of(policy.said(complexity));
  }

  /** The workspace is an artifact whose size is not known here. */
  private static Workload workload(TaskSpec spec, Requirements need) {
    long input =
        switch (spec.getExecutorCase()) {
          case SHELL -> spec.getShell().getSerializedSize();
          case NOOP -> spec.getNoop().getPayload().size();
          case AGENT, EXECUTOR_NOT_SET -> 0;
        };
    return new Workload(
        input,
        spec.hasTimeout() ? spec.getTimeout().getSeconds() : 0,
        need.resources().cpuMilli(),
        need.resources().memoryBytes() >> 20,
        need.resources().gpus());
  }
}
