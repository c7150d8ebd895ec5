package dev.weft.router.domain.task;

import java.util.UUID;

/** Names a worker. */
public record WorkerId(UUID uuid) implements Comparable<WorkerId> {

  @Override
  public int compareTo(WorkerId other) {
    return uuid.compareTo(other.uuid);
  }

  @Override
  public String toString() {
    return uuid.toString();
  }
}
