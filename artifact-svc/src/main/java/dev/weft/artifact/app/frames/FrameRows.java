package dev.weft.artifact.app.frames;

import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.frames.FramePlace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The rows of logs and segments. A write names the home's epoch and takes effect, all of it, only
 * while that epoch is the row's; it may be repeated. Callers wait.
 */
public interface FrameRows {

  /**
   * Frames of one body that are stored together.
   *
   * @param cost what they take
   */
  record Segment(FramePlace first, FramePlace last, Digest digest, long cost) {}

  /**
   * What a home notes of a log.
   *
   * @param endedBody 0 says nothing
   * @param over the agent is over
   */
  record Note(int endedBody, boolean over) {}

  /**
   * Makes the log if there is none, and gives it to this epoch; empty if a higher one has it, or
   * another tenant.
   *
   * @param id for a new one
   */
  Optional<FrameLogRow> open(UUID id, FrameLogKey key, long epoch);

  /** Adds a segment behind the last one; empty if the epoch is over, or the place is not free. */
  Optional<FrameLogRow> seal(FrameLogKey key, long epoch, Segment segment, Note note);

  /** Adds no segment; empty if the epoch is over. */
  Optional<FrameLogRow> note(FrameLogKey key, long epoch, Note note);

  /** The log, whoever has it. */
  Optional<FrameLogRow> find(FrameLogKey key);

  /** Segments that hold frames after a place, in their order. */
  List<Segment> segments(UUID log, FramePlace after, int limit);

  /** Where about the last so many bytes begin, as far as so many segments reach. */
  FramePlace recent(UUID log, long bytes, int segments);

  /** Drops the oldest segments until the rest costs at most so much. */
  FrameLogRow trim(FrameLogRow log, long mostCost);

  /**
   * Forgets logs that were closed so long ago, or not written to for so long.
   *
   * @return how many
   */
  int sweep(Duration closed, Duration silent, int limit);
}
