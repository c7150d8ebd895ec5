package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A caller's inputs and the placer's own reach the cell once each, a caller's own in its order, and
 * are counted.
 */
@JCStressTest
@Outcome(id = "a1 a2 b1, 0", expect = Expect.ACCEPTABLE)
@Outcome(id = "a1 b1 a2, 0", expect = Expect.ACCEPTABLE)
@Outcome(id = "b1 a1 a2, 0", expect = Expect.ACCEPTABLE)
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, overtaken or counted wrong.")
@State
public class InputQueueStress {

  private final InputQueue queue = new InputQueue();
  private final List<String> taken = new ArrayList<>();

  private record Named(String name) implements Consumer<Cell> {

    @Override
    public void accept(Cell cell) {}
  }

  @Actor
  public void callerA() {
    queue.add(new Named("a1"), _ -> {});
    queue.add(new Named("a2"), _ -> {});
  }

  @Actor
  public void placer() {
    queue.add(new Named("b1"), _ -> {});
    take();
  }

  private void take() {
    for (InputQueue.Input next = queue.poll(); next != null; next = queue.poll()) {
      taken.add(((Named) next.act()).name());
    }
  }

  @Arbiter
  public void result(LL_Result result) {
    take();
    result.r1 = String.join(" ", taken);
    result.r2 = queue.size();
  }
}
