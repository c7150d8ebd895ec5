package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.StoredSpec;
import java.time.Duration;

/**
 * The way down to one connected worker. The cell only names it in effects; it is called when these
 * are released, never blocks, and does nothing once the stream is closed.
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
}
