package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.StoredSpec;
import java.time.Duration;

/**
 * The way down to one connected worker. The cell only names it in effects; it is called when these
 * are released, never blocks, and does nothing once the stream is closed. What it is told may wait
 * for {@link #flush}. One thread at a time.
 */
public interface WorkerLink {

  void welcome(Welcome welcome);

  /**
   * @param spec with its trace context
   */
  void assign(Assignment assignment, StoredSpec spec);

  void cancel(AttemptKey key);

  void acknowledge(AttemptKey key);

  void renewed(long number);

  void drain(Duration grace);

  void close(Denial reason);

  /** Nothing more follows for now: all that was told goes to the worker. */
  default void flush() {}
}
