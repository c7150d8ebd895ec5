package dev.weft.worker.domain.agent;

import java.util.Arrays;
import java.util.Optional;

/** What a command can be sent. */
public enum AgentSignal {
  HUP(1),
  INT(2),
  KILL(9),
  TERM(15);

  private static final int SIGNALLED = 128;

  private final int number;

  AgentSignal(int number) {
    this.number = number;
  }

  /** The one of this name, if it may be sent. */
  public static Optional<AgentSignal> ofName(String name) {
    return Arrays.stream(values()).filter(each -> each.name().equals(name)).findFirst();
  }

  /** As the kernel numbers it. */
  public int number() {
    return number;
  }

  /** The exit code of what it ended. */
  public int exitCode() {
    return SIGNALLED + number;
  }
}
