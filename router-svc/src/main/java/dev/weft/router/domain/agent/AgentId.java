package dev.weft.router.domain.agent;

import java.util.UUID;

/** Names an agent. */
public record AgentId(UUID uuid) {

  @Override
  public String toString() {
    return uuid.toString();
  }
}
