package dev.weft.gateway.forward;

import com.google.protobuf.ByteString;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.AgentRules;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.agents.v1.AgentMemoryEntry;
import dev.weft.proto.agents.v1.DeleteAgentMemoryRequest;
import dev.weft.proto.agents.v1.DeleteAgentMemoryResponse;
import dev.weft.proto.agents.v1.GetAgentMemoryRequest;
import dev.weft.proto.agents.v1.GetAgentMemoryResponse;
import dev.weft.proto.agents.v1.ListAgentMemoryRequest;
import dev.weft.proto.agents.v1.ListAgentMemoryResponse;
import dev.weft.proto.agents.v1.SetAgentMemoryRequest;
import dev.weft.proto.agents.v1.SetAgentMemoryResponse;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.AwaitCommandResponse;
import dev.weft.proto.internal.agent.v1.RememberedEntries;
import dev.weft.proto.internal.agent.v1.UseMemory;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The contract's calls about an agent's memory, for a caller who may. Its body carries each out as
 * a command, so a sleeping agent is woken by it.
 */
public final class AgentMemories {

  private final AgentForwarder agents;
  private final Errands errands;

  public AgentMemories(AgentForwarder agents, Errands errands) {
    this.agents = agents;
    this.errands = errands;
  }

  public CompletionStage<ListAgentMemoryResponse> list(Call call, ListAgentMemoryRequest request) {
    UnknownFields.refuse(request);
    return use(call, request.getAgentId(), UseMemory.newBuilder().setList(true))
        .thenApply(
            found ->
                ListAgentMemoryResponse.newBuilder()
                    .addAllEntries(
                        found.getEntriesList().stream()
                            .map(
                                entry ->
                                    AgentMemoryEntry.newBuilder()
                                        .setKey(entry.getKey())
                                        .setSizeBytes(entry.getSize())
                                        .build())
                            .toList())
                    .build());
  }

  public CompletionStage<GetAgentMemoryResponse> get(Call call, GetAgentMemoryRequest request) {
    UnknownFields.refuse(request);
    AgentRules.checkMemory(request.getKey(), 0);
    return use(call, request.getAgentId(), UseMemory.newBuilder().setGet(request.getKey()))
        .thenApply(
            found ->
                GetAgentMemoryResponse.newBuilder()
                    .setValue(only(found, request.getKey()))
                    .build());
  }

  public CompletionStage<SetAgentMemoryResponse> set(Call call, SetAgentMemoryRequest request) {
    UnknownFields.refuse(request);
    AgentRules.checkMemory(request.getKey(), request.getValue().size());
    UseMemory.Builder use = UseMemory.newBuilder();
    use.getSetBuilder().setKey(request.getKey()).setValue(request.getValue());
    return use(call, request.getAgentId(), use)
        .thenApply(_ -> SetAgentMemoryResponse.getDefaultInstance());
  }

  /** Gone is gone: one that was not there is no mistake. */
  public CompletionStage<DeleteAgentMemoryResponse> delete(
      Call call, DeleteAgentMemoryRequest request) {
    UnknownFields.refuse(request);
    AgentRules.checkMemory(request.getKey(), 0);
    return use(call, request.getAgentId(), UseMemory.newBuilder().setRemove(request.getKey()))
        .thenApply(_ -> DeleteAgentMemoryResponse.getDefaultInstance());
  }

  private static ByteString only(RememberedEntries found, String key) {
    List<RememberedEntries.Entry> entries = found.getEntriesList();
    if (entries.isEmpty()) {
      throw new MeshException(
              GatewayReason.MEMORY_KEY_NOT_FOUND, "key: " + key + " (expected: one that was set)")
          .with("key", key);
    }
    return entries.getFirst().getValue();
  }

  private CompletionStage<RememberedEntries> use(Call call, String agentId, UseMemory.Builder use) {
    String id = AgentChecks.checkedId(agentId);
    AgentCommand.Builder command =
        AgentCommand.newBuilder().setCommandId("memory-" + UUID.randomUUID()).setUseMemory(use);
    long until = errands.until(call);
    return agents
        .admit(call)
        .thenCompose(_ -> errands.carryOut(call, id, command, until))
        .thenApply(AgentMemories::remembered);
  }

  private static RememberedEntries remembered(AwaitCommandResponse command) {
    if (Errands.isOpen(command)) {
      throw new MeshException(
          GatewayReason.ERRAND_PENDING, "memory: not asked yet (expected: an awake agent)");
    }
    if (command.getOutcome().hasRemembered()) {
      return command.getOutcome().getRemembered();
    }
    throw Errands.failure(command);
  }
}
