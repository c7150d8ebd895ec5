package dev.weft.router.grpc;

import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.proto.tasks.v1.CapabilityRequirement;
import dev.weft.proto.tasks.v1.Complexity;
import dev.weft.proto.tasks.v1.NetworkAccess;
import dev.weft.proto.tasks.v1.OnLost;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.placement.CapabilityNeed;
import dev.weft.router.domain.placement.Destination;
import dev.weft.router.domain.placement.LlmNeed;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.Urgency;
import java.util.Optional;

/** What the core must know of a spec; the rest of it travels as bytes. */
final class SpecProtoMapper {

  static final String SHELL = "shell";
  static final String NOOP = "noop";
  static final String AGENT = "agent";

  /** What a command takes when its spec does not say: half a core and enough for small tools. */
  static final Resources SHELL_DEFAULT = new Resources(500, 256L << 20, 256L << 20, 0);

  private SpecProtoMapper() {}

  /**
   * @param need what the spec asks of a worker, and where it rather runs
   * @throws IllegalArgumentException naming field, value and what was expected
   */
  static Submission.Terms terms(String tenant, TaskSpec spec, Requirements need) {
    return new Submission.Terms(
        urgency(spec),
        need,
        retry(spec),
        Affinity.of(tenant, spec.getAffinityKey()),
        notBeforeMillis(spec),
        expiryMillis(spec));
  }

  /**
   * As if nothing was said of its complexity, which the policy of its day gave a meaning.
   *
   * @throws IllegalArgumentException these bytes are no spec, or one that this build does not know
   */
  static Submission.Terms terms(String tenant, Document stored) {
    try {
      TaskSpec spec = TaskSpec.parseFrom(stored.bytes());
      return terms(tenant, spec, requirements(spec));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("spec: unreadable (expected: a TaskSpec)", e);
    }
  }

  /**
   * @throws IllegalArgumentException naming field, value and what was expected
   */
  static Requirements requirements(TaskSpec spec) {
    var needs = spec.getRequirements();
    return new Requirements(
        executor(spec),
        needs.getCapabilitiesList().stream().map(SpecProtoMapper::need).toList(),
        new Destination(
            spec.getQueue(),
            needs.getRegion(),
            budget(spec),
            Optional.empty(),
            spec.getUserRegion(),
            spec.getBudget().getLlmTokens()),
        needs.getLlmModel().isEmpty()
            ? LlmNeed.NONE
            : new LlmNeed(needs.getLlmModel(), needs.getLlmMinContext()),
        needs.getGpuMemoryBytes(),
        new Isolation(sandbox(spec), spec.getNetworkAccess() == NetworkAccess.NETWORK_ACCESS_OPEN),
        resources(spec));
  }

  /** The same for a task with this effort. */
  static Requirements with(Optional<Effort> effort, Requirements need) {
    return effort.isEmpty()
        ? need
        : new Requirements(
            need.executor(),
            need.capabilities(),
            need.destination().with(effort),
            need.llm(),
            need.gpuMemoryBytes(),
            need.isolation(),
            need.resources());
  }

  private static Budget budget(TaskSpec spec) {
    return spec.hasBudget()
        ? new Budget(spec.getBudget().getMicros(), spec.getBudget().getCurrencyCode())
        : Budget.NONE;
  }

  static Urgency urgency(TaskSpec spec) {
    return new Urgency(
        priority(spec), spec.hasDeadline() ? Math.max(1, millis(spec.getDeadline())) : 0);
  }

  /** An emergency is of P0 and of no other class. */
  static PriorityClass priority(TaskSpec spec) {
    PriorityClass said = priority(spec.getPriorityClassValue());
    if (spec.getComplexity() != Complexity.COMPLEXITY_EMERGENCY) {
      return said;
    }
    if (spec.getPriorityClassValue() != 0 && said != PriorityClass.P0) {
      throw new IllegalArgumentException(
          "priority_class: " + said + " (expected: P0 or none with complexity EMERGENCY)");
    }
    return PriorityClass.P0;
  }

  /**
   * @param number of the contract's class; 0 means P2
   * @throws IllegalArgumentException naming it
   */
  static PriorityClass priority(int number) {
    if (number < 0 || number > PriorityClass.P6.code() + 1) {
      throw new IllegalArgumentException("priority_class: " + number + " (expected: P0..P6)");
    }
    return number == 0 ? PriorityClass.P2 : PriorityClass.of(number - 1);
  }

  static RetryTerms retry(TaskSpec spec) {
    RetryPolicy policy = spec.getRetryPolicy();
    RetryTerms standard = RetryTerms.DEFAULT;
    return new RetryTerms(
        policy.hasMaxRetries() ? policy.getMaxRetries() : standard.maxRetries(),
        spec.getOnLost() != OnLost.ON_LOST_FAIL,
        spec.getPreemptible(),
        policy.hasInitialBackoff()
            ? millis(policy.getInitialBackoff())
            : standard.initialBackoffMillis(),
        policy.hasMaxBackoff() ? millis(policy.getMaxBackoff()) : standard.maxBackoffMillis());
  }

  /** How long it may wait, in milliseconds; 0 takes the class's own. */
  static long expiryMillis(TaskSpec spec) {
    return spec.hasExpiry() ? Math.max(1, millis(spec.getExpiry())) : 0;
  }

  /** How long after acceptance it must not start, in milliseconds. */
  static long notBeforeMillis(TaskSpec spec) {
    return spec.hasNotBefore() ? millis(spec.getNotBefore()) : 0;
  }

  static long millis(Duration duration) {
    return duration.getSeconds() * 1_000 + duration.getNanos() / 1_000_000;
  }

  private static String executor(TaskSpec spec) {
    return switch (spec.getExecutorCase()) {
      case SHELL -> SHELL;
      case NOOP -> NOOP;
      case AGENT -> AGENT;
      case EXECUTOR_NOT_SET ->
          throw new IllegalArgumentException("executor: none (expected: shell, noop or agent)");
    };
  }

  private static CapabilityNeed need(CapabilityRequirement requirement) {
    return new CapabilityNeed(
        requirement.getName(), (int) Math.round(requirement.getMinProficiency() * 1_000));
  }

  /** Nothing runs for noop, so no sandbox is too weak for it. */
  private static SandboxLevel sandbox(TaskSpec spec) {
    return switch (spec.getSandboxLevel()) {
      case SANDBOX_LEVEL_UNSPECIFIED ->
          spec.hasNoop() ? SandboxLevel.NONE : SandboxLevel.BUBBLEWRAP;
      case SANDBOX_LEVEL_NONE -> SandboxLevel.NONE;
      case SANDBOX_LEVEL_LANDLOCK -> SandboxLevel.LANDLOCK;
      case SANDBOX_LEVEL_BUBBLEWRAP -> SandboxLevel.BUBBLEWRAP;
      case SANDBOX_LEVEL_MICROVM -> SandboxLevel.MICROVM;
      case UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "sandbox_level: " + spec.getSandboxLevelValue() + " (expected: NONE..MICROVM)");
    };
  }

  /** A noop takes its count alone unless it asks for more. */
  private static Resources resources(TaskSpec spec) {
    var asked = spec.getResources();
    Resources standard = spec.hasNoop() ? Resources.NONE : SHELL_DEFAULT;
    return new Resources(
        asked.getCpuMilli() == 0
            ? standard.cpuMilli()
            : Integer.toUnsignedLong(asked.getCpuMilli()),
        asked.getMemoryBytes() == 0 ? standard.memoryBytes() : asked.getMemoryBytes(),
        asked.getDiskBytes() == 0 ? standard.diskBytes() : asked.getDiskBytes(),
        spec.getRequirements().getGpus());
  }
}
