package dev.weft.gateway.forward;

import com.google.protobuf.Duration;
import dev.weft.gateway.domain.AgentDraft;
import dev.weft.gateway.domain.AgentRules;
import dev.weft.gateway.domain.Violation;
import dev.weft.proto.agents.v1.AgentSpec;
import dev.weft.proto.agents.v1.SpawnAgentRequest;
import dev.weft.proto.tasks.v1.NetworkAccess;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.SandboxLevel;
import java.util.ArrayList;
import java.util.List;

/** Reads an agent's description as far as the door judges it, and completes it. */
final class AgentDraftMapper {

  private AgentDraftMapper() {}

  static AgentDraft of(SpawnAgentRequest request) {
    AgentSpec spec = request.getSpec();
    return new AgentDraft(
        new AgentDraft.Names(spec.getDisplayName(), spec.getUser()),
        TaskDraftMapper.needs(spec.getRequirements(), spec.getQueue()),
        TaskDraftMapper.amounts(spec.getResources()),
        TaskDraftMapper.span(spec.hasIdleTimeout(), spec.getIdleTimeout()),
        new AgentDraft.Surroundings(spec.getWorkspaceArtifact(), spec.getEnvironmentMap()),
        unrecognized(spec),
        unsupported(request));
  }

  /** With the contract's defaults in place of what is unset. */
  static AgentSpec complete(AgentSpec spec) {
    AgentSpec.Builder all = spec.toBuilder();
    if (spec.getPriorityClass() == PriorityClass.PRIORITY_CLASS_UNSPECIFIED) {
      all.setPriorityClass(PriorityClass.PRIORITY_CLASS_P1);
    }
    if (!spec.hasIdleTimeout()) {
      all.setIdleTimeout(
          Duration.newBuilder().setSeconds(AgentRules.USUAL_IDLE.toSeconds()).build());
    }
    if (spec.getNetworkAccess() == NetworkAccess.NETWORK_ACCESS_UNSPECIFIED) {
      all.setNetworkAccess(NetworkAccess.NETWORK_ACCESS_NONE);
    }
    if (spec.getSandboxLevel() == SandboxLevel.SANDBOX_LEVEL_UNSPECIFIED) {
      all.setSandboxLevel(SandboxLevel.SANDBOX_LEVEL_BUBBLEWRAP);
    }
    return all.build();
  }

  private static List<String> unsupported(SpawnAgentRequest request) {
    List<String> fields = new ArrayList<>();
    if (request.getSpec().getNetworkAccess() == NetworkAccess.NETWORK_ACCESS_ALLOW) {
      fields.add("spec.network_access");
    }
    fields.addAll(UnknownFields.of(request));
    return fields;
  }

  private static List<Violation> unrecognized(AgentSpec spec) {
    List<Violation> faults = new ArrayList<>();
    TaskDraftMapper.enumeration(
        "priority_class", spec.getPriorityClassValue(), spec.getPriorityClass(), faults);
    TaskDraftMapper.enumeration(
        "network_access", spec.getNetworkAccessValue(), spec.getNetworkAccess(), faults);
    TaskDraftMapper.enumeration(
        "sandbox_level", spec.getSandboxLevelValue(), spec.getSandboxLevel(), faults);
    return faults;
  }
}
