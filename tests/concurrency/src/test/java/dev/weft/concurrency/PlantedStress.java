package dev.weft.concurrency;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * A budget that looks first and takes afterwards: the harness is worth nothing if this one passes.
 */
@JCStressTest
@Outcome(id = "60", expect = Expect.ACCEPTABLE)
@Outcome(expect = Expect.FORBIDDEN, desc = "More is taken than there is.")
@State
public class PlantedStress {

  private final AtomicLong taken = new AtomicLong();

  private void take() {
    if (taken.get() + 60 <= 100) {
      taken.addAndGet(60);
    }
  }

  @Actor
  public void first() {
    take();
  }

  @Actor
  public void second() {
    take();
  }

  @Arbiter
  public void left(J_Result result) {
    result.r1 = taken.get();
  }
}
