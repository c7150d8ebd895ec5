package dev.weft.worker.domain.output;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/**
 * Two attempts never get more of the worker's output budget than there is, and what is kept is what
 * was granted.
 */
@JCStressTest
@Outcome(id = "true, false, 60", expect = Expect.ACCEPTABLE)
@Outcome(id = "false, true, 60", expect = Expect.ACCEPTABLE)
@Outcome(
    id = "false, false, 0",
    expect = Expect.ACCEPTABLE_INTERESTING,
    desc = "Each saw the other's try: both wait and look again.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Granted twice, or leaked.")
@State
public class OutputBudgetStress {

  private final OutputBudget budget = new OutputBudget(100);

  @Actor
  public void first(ZZJ_Result result) {
    result.r1 = budget.tryTake(60);
  }

  @Actor
  public void second(ZZJ_Result result) {
    result.r2 = budget.tryTake(60);
  }

  @Arbiter
  public void left(ZZJ_Result result) {
    result.r3 = budget.taken();
  }
}
