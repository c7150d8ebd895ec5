package dev.weft.router.domain.agent;

import java.util.UUID;

/** Names an agent. */
public record AgentId(UUID uuid) implements Comparable<AgentId> {

  /** As the database orders them. */
  @Override
  public int compareTo(AgentId other) {
    int byHigh =
        Long.compareUnsigned(uuid.getMostSignificantBits(), other.uuid.getMostSignificantBits());
    return byHigh != 0
        ? byHigh
        : Long.compareUnsigned(
            uuid.getLeastSignificantBits(), other.uuid.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return uuid.toString();
  }
}
