package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.Segment;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The bytes of segments. */
public interface SegmentBytes {

  /**
   * Some entries of a segment.
   *
   * @param next where to read on in the segment; its size at the end
   */
  record Page(List<Entry> entries, long next) {
    public Page {
      entries = List.copyOf(entries);
    }
  }

  /** The bytes are gone or damaged. */
  final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Missing(String message) {
      super(message);
    }
  }

  /** Stores a segment; it is durable when the stage ends well. */
  CompletionStage<StoredSegment> put(LogKey log, Segment segment);

  /**
   * Reads some entries, at least one, from a place in the segment on. Fails with {@link Missing} if
   * storage does not have them.
   */
  CompletionStage<Page> read(String tenant, StoredSegment segment, long from);
}
