package dev.weft.gateway.forward;

import com.google.protobuf.Duration;
import dev.weft.gateway.domain.TaskDraft;
import dev.weft.gateway.domain.TaskDraft.AgentBody;
import dev.weft.gateway.domain.TaskDraft.Amounts;
import dev.weft.gateway.domain.TaskDraft.Budget;
import dev.weft.gateway.domain.TaskDraft.FileDraft;
import dev.weft.gateway.domain.TaskDraft.Inputs;
import dev.weft.gateway.domain.TaskDraft.Labels;
import dev.weft.gateway.domain.TaskDraft.Leftovers;
import dev.weft.gateway.domain.TaskDraft.Missing;
import dev.weft.gateway.domain.TaskDraft.Needs;
import dev.weft.gateway.domain.TaskDraft.Noop;
import dev.weft.gateway.domain.TaskDraft.Retries;
import dev.weft.gateway.domain.TaskDraft.Shell;
import dev.weft.gateway.domain.TaskDraft.Skill;
import dev.weft.gateway.domain.TaskDraft.Span;
import dev.weft.gateway.domain.TaskDraft.Timing;
import dev.weft.gateway.domain.TaskDraft.Work;
import dev.weft.gateway.domain.Violation;
import dev.weft.proto.tasks.v1.Complexity;
import dev.weft.proto.tasks.v1.NetworkAccess;
import dev.weft.proto.tasks.v1.OnLost;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.Requirements;
import dev.weft.proto.tasks.v1.Resources;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a submission as far as the door judges it. */
final class TaskDraftMapper {

  private static final int USUAL_PRIORITY = 2;

  /** The mesh sets it for a task with a complexity. */
  private static final String TIER_VARIABLE = "WEFT_MODEL_TIER";

  private TaskDraftMapper() {}

  static TaskDraft of(SubmitTaskRequest request) {
    TaskSpec spec = request.getSpec();
    return new TaskDraft(
        work(spec),
        new Inputs(spec.getWorkspaceArtifact(), spec.getSecretsList()),
        needs(spec.getRequirements(), spec.getQueue()),
        amounts(spec.getResources()),
        timing(spec),
        new Labels(
            spec.getDisplayName(), request.getRequestId(), spec.getAffinityKey(), spec.getUser()),
        new Leftovers(unsupported(request), unrecognized(spec)));
  }

  private static Work work(TaskSpec spec) {
    return switch (spec.getExecutorCase()) {
      case SHELL -> shell(spec.getShell());
      case NOOP -> new Noop(spec.getNoop().getPayload().size());
      case AGENT -> new AgentBody();
      case EXECUTOR_NOT_SET -> new Missing();
    };
  }

  private static Shell shell(ShellExecutor shell) {
    return new Shell(
        shell.getArgvList(),
        shell.getUseShell(),
        shell.getFilesList().stream()
            .map(file -> new FileDraft(file.getPath(), file.getContent().size()))
            .toList(),
        shell.getEnvironmentMap(),
        shell.getStdin().size(),
        shell.getWorkingDirectory());
  }

  static Needs needs(Requirements needs, String queue) {
    return new Needs(
        needs.getCapabilitiesList().stream()
            .map(skill -> new Skill(skill.getName(), skill.getMinProficiency()))
            .toList(),
        needs.getGpus(),
        needs.getGpuMemoryBytes(),
        queue,
        needs.getRegion(),
        needs.getLlmModel(),
        needs.getLlmMinContext());
  }

  static Amounts amounts(Resources amounts) {
    return new Amounts(amounts.getCpuMilli(), amounts.getMemoryBytes(), amounts.getDiskBytes());
  }

  private static Timing timing(TaskSpec spec) {
    return new Timing(
        span(spec.hasDeadline(), spec.getDeadline()),
        span(spec.hasExpiry(), spec.getExpiry()),
        span(spec.hasNotBefore(), spec.getNotBefore()),
        span(spec.hasTimeout(), spec.getTimeout()),
        emergency(spec) ? 0 : priority(spec.getPriorityClass()),
        retries(spec),
        spec.hasBudget()
            ? Optional.of(
                new Budget(
                    spec.getBudget().getMicros(),
                    spec.getBudget().getCurrencyCode(),
                    spec.getBudget().getLlmTokens()))
            : Optional.empty());
  }

  private static int priority(PriorityClass priority) {
    return switch (priority) {
      case PRIORITY_CLASS_UNSPECIFIED, UNRECOGNIZED -> USUAL_PRIORITY;
      case PRIORITY_CLASS_P0,
          PRIORITY_CLASS_P1,
          PRIORITY_CLASS_P2,
          PRIORITY_CLASS_P3,
          PRIORITY_CLASS_P4,
          PRIORITY_CLASS_P5,
          PRIORITY_CLASS_P6 ->
          priority.getNumber() - PriorityClass.PRIORITY_CLASS_P0_VALUE;
    };
  }

  private static Retries retries(TaskSpec spec) {
    RetryPolicy policy = spec.getRetryPolicy();
    return new Retries(
        policy.hasMaxRetries() ? Optional.of((long) policy.getMaxRetries()) : Optional.empty(),
        span(policy.hasInitialBackoff(), policy.getInitialBackoff()),
        span(policy.hasMaxBackoff(), policy.getMaxBackoff()),
        spec.getOnLost() != OnLost.ON_LOST_FAIL,
        spec.getPreemptible());
  }

  static Optional<Span> span(boolean set, Duration duration) {
    return set
        ? Optional.of(new Span(duration.getSeconds(), duration.getNanos()))
        : Optional.empty();
  }

  /** The contract's fields "later" that are set, and fields that this build has never heard of. */
  private static List<String> unsupported(SubmitTaskRequest request) {
    TaskSpec spec = request.getSpec();
    List<String> fields = new ArrayList<>();
    addIf(
        spec.getNetworkAccess() == NetworkAccess.NETWORK_ACCESS_ALLOW,
        "spec.network_access",
        fields);
    fields.addAll(UnknownFields.of(request));
    return fields;
  }

  private static void addIf(boolean set, String field, List<String> fields) {
    if (set) {
      fields.add(field);
    }
  }

  private static List<Violation> unrecognized(TaskSpec spec) {
    List<Violation> faults = new ArrayList<>();
    enumeration("priority_class", spec.getPriorityClassValue(), spec.getPriorityClass(), faults);
    enumeration("on_lost", spec.getOnLostValue(), spec.getOnLost(), faults);
    enumeration("network_access", spec.getNetworkAccessValue(), spec.getNetworkAccess(), faults);
    enumeration("sandbox_level", spec.getSandboxLevelValue(), spec.getSandboxLevel(), faults);
    enumeration(
        "workspace_capture", spec.getWorkspaceCaptureValue(), spec.getWorkspaceCapture(), faults);
    complexity(spec, faults);
    return faults;
  }

  private static void complexity(TaskSpec spec, List<Violation> faults) {
    enumeration("complexity", spec.getComplexityValue(), spec.getComplexity(), faults);
    PriorityClass said = spec.getPriorityClass();
    if (emergency(spec)
        && said != PriorityClass.PRIORITY_CLASS_UNSPECIFIED
        && said != PriorityClass.PRIORITY_CLASS_P0) {
      faults.add(Violation.of("spec.priority_class", said, "P0 or none with complexity EMERGENCY"));
    }
    if (spec.getComplexityValue() != Complexity.COMPLEXITY_UNSPECIFIED_VALUE
        && spec.getShell().containsEnvironment(TIER_VARIABLE)) {
      faults.add(
          Violation.of(
              "spec.shell.environment",
              TIER_VARIABLE,
              "another name: the mesh sets it with a complexity"));
    }
  }

  private static boolean emergency(TaskSpec spec) {
    return spec.getComplexity() == Complexity.COMPLEXITY_EMERGENCY;
  }

  static void enumeration(String field, int number, Enum<?> value, List<Violation> faults) {
    if (value.name().equals("UNRECOGNIZED")) {
      faults.add(Violation.of("spec." + field, number, "a value of the contract"));
    }
  }
}
