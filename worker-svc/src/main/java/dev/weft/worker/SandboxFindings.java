package dev.weft.worker;

import dev.weft.worker.app.SerialLoop;
import dev.weft.worker.app.Tally;

/** Counted on the loop on which all else is counted. */
record SandboxFindings(Tally tally, SerialLoop loop) implements SandboxWatch.Findings {

  @Override
  public void broken() {
    loop.execute(tally::broken);
  }

  @Override
  public void repaired() {
    loop.execute(tally::repaired);
  }
}
