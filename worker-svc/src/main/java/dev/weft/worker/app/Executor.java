package dev.weft.worker.app;

import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.TokenUse;
import java.time.Duration;

/** Runs one kind of work. */
public interface Executor {

  String kind();

  /**
   * Begins the work and returns at once; the listener is told of its start, if it has one, then of
   * what it uses, and once of its end.
   */
  Execution start(Assignment assignment, Listener listener);

  /** Work under way. */
  @FunctionalInterface
  interface Execution {

    /** Ends it from outside. The first reason counts; harmless when it is over. */
    void end(EndReason reason);

    /**
     * The worker is to stop: who has something to save saves it and ends by itself; after the grace
     * it is ended. May come again with a shorter grace. Without it the work just goes on.
     */
    default void drain(Duration grace) {}
  }

  /** Hears of the work's progress, on any thread. */
  interface Listener {

    void started(AttemptKey key);

    /** Its commands have reported more; the totals since its start. */
    void used(AttemptKey key, TokenUse use);

    void ended(AttemptResult result);
  }
}
