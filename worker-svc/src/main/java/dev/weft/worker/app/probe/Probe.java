package dev.weft.worker.app.probe;

import dev.weft.worker.domain.probe.ProbeFinding;
import java.time.Duration;
import java.util.List;

/** Asks one layer of the worker's health. */
public interface Probe {

  /** Whether it would be in nobody's way now. */
  default boolean possible() {
    return true;
  }

  /** What was asked and what was found. Blocks, as a rule no longer than the timeout. */
  List<ProbeFinding> ask(Duration timeout) throws InterruptedException;
}
