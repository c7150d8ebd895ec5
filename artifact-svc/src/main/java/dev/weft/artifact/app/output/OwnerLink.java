package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.LogKey;

/** The way to a log's owner. */
public interface OwnerLink {

  /**
   * What is asked for.
   *
   * @param mostBytes the answer ends after about so many
   */
  record Query(LogKey key, long after, boolean follow, int mostBytes) {}

  /** Hears the owner's answers, one at a time. */
  interface Listener {
    void entry(Entry entry);

    /** The owner lives and has nothing new. */
    void heartbeat();

    void closed(LogEnd end);

    /** That was all, of the query's bytes or of the log, and the log is not closed. */
    void ended();

    void failed(RuntimeException why);
  }

  /** One reading under way. */
  interface Relay {
    void cancel();
  }

  Relay open(Owner owner, Query query, Listener listener);
}
