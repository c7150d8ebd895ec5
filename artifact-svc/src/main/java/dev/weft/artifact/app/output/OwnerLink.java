package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.LogKey;

/** The way to a log's owner. */
public interface OwnerLink {

  /** What is asked for. */
  record Query(LogKey key, long after, boolean follow) {}

  /** Hears the owner's answers, one at a time, each after one {@link Relay#request}. */
  interface Listener {
    void entry(Entry entry);

    /** The owner lives and has nothing new. */
    void heartbeat();

    void closed(LogEnd end);

    /** Nothing more, and the log is not closed. */
    void ended();

    void failed(RuntimeException why);
  }

  /** One reading under way. */
  interface Relay {
    /** Takes one more answer. */
    void request();

    void cancel();
  }

  Relay open(Owner owner, Query query, Listener listener);
}
