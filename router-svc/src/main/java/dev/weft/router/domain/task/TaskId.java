package dev.weft.router.domain.task;

import java.util.UUID;

/** Names a task: a UUIDv7 as two words, since a placer holds millions of them. */
public record TaskId(long high, long low) implements Comparable<TaskId> {

  public static TaskId of(UUID uuid) {
    return new TaskId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  public UUID uuid() {
    return new UUID(high, low);
  }

  /** Milliseconds since 1970 at which the id was minted. */
  public long mintedAtMillis() {
    return high >>> 16;
  }

  /** The minute since 1970 in which the id was minted: its bucket. */
  public long bucket() {
    return mintedAtMillis() / 60_000;
  }

  @Override
  public int compareTo(TaskId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public String toString() {
    return uuid().toString();
  }
}
