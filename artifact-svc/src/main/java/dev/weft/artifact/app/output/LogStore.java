package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.Writer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The rows of logs and segments. A write names the owner epoch and takes effect, all of it, only
 * while that epoch is the row's. A stage that fails says nothing about whether the write took
 * effect; every write may be repeated.
 */
public interface LogStore {

  /** What became of a write. */
  enum Outcome {
    /** It has taken effect, now or before. */
    DONE,
    /** The epoch is over, or the log closed; nothing has changed. */
    NOT_OWNER
  }

  /** A change of the owner's knowledge that is not worth a write of its own. */
  record Sign(UUID id, long epoch, long received) {}

  /**
   * Makes the log if there is none, and makes this replica its owner under a new epoch. A closed
   * log, and one of another writer, is returned as it is.
   *
   * @param id for a new one
   */
  CompletionStage<LogRow> take(UUID id, LogKey key, Writer writer, Owner self);

  /** A tenant's log of an attempt. */
  CompletionStage<Optional<LogRow>> find(LogKey key);

  /** The log of an attempt, whosever it is. */
  CompletionStage<Optional<LogRow>> ofAttempt(String taskId, int attempt);

  /** Adds the segment that follows the last one. */
  CompletionStage<Outcome> seal(UUID id, long epoch, StoredSegment segment);

  /** Ends a log whose last segment is the last. */
  CompletionStage<Outcome> close(UUID id, long epoch, LogEnd end);

  /** Segments that end after the number, in order. */
  CompletionStage<List<StoredSegment>> segments(UUID id, long after, int limit);

  /** Says that these logs are cared for; returns those whose epoch is over. */
  CompletionStage<List<UUID>> sign(List<Sign> signs);
}
