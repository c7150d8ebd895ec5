package dev.weft.router.app;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/** Whoever brings an input while the placer goes to rest wakes it. */
@JCStressTest(Mode.Termination)
@Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "The input was seen.")
@Outcome(id = "STALE", expect = Expect.FORBIDDEN, desc = "The placer rests beside its input.")
@State
public class WakeUpStress {

  private final Queue<Integer> inputs = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Rest rest;

  @Actor
  public void placer() {
    Rest mine = new Rest(Thread.currentThread());
    rest = mine;
    while (inputs.isEmpty()) {
      mine.unless(() -> !inputs.isEmpty(), Long.MAX_VALUE);
    }
  }

  @Signal
  public void caller() {
    inputs.add(1);
    Rest seen = rest;
    if (seen != null) {
      seen.end();
    }
  }
}
