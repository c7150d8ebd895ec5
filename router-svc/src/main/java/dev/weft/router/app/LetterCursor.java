package dev.weft.router.app;

import dev.weft.router.domain.task.TaskId;
import java.time.Instant;

/** A place in the order of a tenant's dead letters; several may end in one commit. */
public record LetterCursor(Instant ended, TaskId task) implements Comparable<LetterCursor> {

  @Override
  public int compareTo(LetterCursor other) {
    int byEnd = ended.compareTo(other.ended);
    return byEnd != 0 ? byEnd : task.compareTo(other.task);
  }
}
