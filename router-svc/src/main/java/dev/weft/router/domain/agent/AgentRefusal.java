package dev.weft.router.domain.agent;

import java.util.HashMap;
import java.util.Map;

/** Why something was not done for an agent. */
public final class AgentRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final transient Map<String, String> metadata = new HashMap<>();

  private AgentRefusal(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public static AgentRefusal of(Reason reason, String message) {
    return new AgentRefusal(reason, message);
  }

  public static AgentRefusal notFound(AgentId agent) {
    return of(Reason.AGENT_NOT_FOUND, "agent: %s (expected: one of the tenant's)".formatted(agent));
  }

  public AgentRefusal with(String key, Object value) {
    metadata.put(key, String.valueOf(value));
    return this;
  }

  public Reason reason() {
    return reason;
  }

  public Map<String, String> metadata() {
    return Map.copyOf(metadata);
  }

  /** Names from docs/errors.md. */
  public enum Reason {
    AGENT_NOT_FOUND,
    AGENT_OVER,
    AGENT_NOT_RUNNING,
    AGENT_QUOTA,
    REQUEST_ID_REUSED,
    COMMAND_ID_REUSED,
    COMMANDS_FULL,
    STALE_BODY,
    STALE_HOME,
    NO_GATEWAY,
    AGENTS_BUSY
  }
}
