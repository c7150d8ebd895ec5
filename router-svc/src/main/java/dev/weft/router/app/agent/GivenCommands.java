package dev.weft.router.app.agent;

import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.Command;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What bodies of agents have to do. */
@FunctionalInterface
public interface GivenCommands {

  /**
   * What a body has and that has not ended, in its order. Fails as {@link StoredAgents#read} does.
   */
  CompletionStage<List<Command>> to(String tenant, AgentId agent, int body);

  /** As they are stored. */
  static GivenCommands of(StoredAgents stored) {
    return (tenant, agent, body) -> stored.of(tenant).read(book -> book.given(agent, body));
  }
}
