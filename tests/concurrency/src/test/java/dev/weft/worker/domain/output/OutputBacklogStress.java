package dev.weft.worker.domain.output;

import dev.weft.worker.domain.OutputBuffer.Stream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LJ_Result;

/**
 * A pipe that fills while the sender takes and forgets what is durable: every byte is sent once or
 * is still there, in order, and the budget is given back to the last byte.
 */
@JCStressTest
@Outcome(id = "abcd, 0", expect = Expect.ACCEPTABLE)
@Outcome(
    expect = Expect.FORBIDDEN,
    desc = "A byte is lost, doubled or out of order, or budget leaks.")
@State
public class OutputBacklogStress {

  private static final Instant READ_AT = Instant.EPOCH;

  private final OutputBudget budget = new OutputBudget(1 << 20);
  private final OutputBacklog backlog =
      new OutputBacklog(budget, new OutputBacklog.Bounds(1 << 18, 1 << 18));
  private final StringBuilder sent = new StringBuilder();
  private long last;

  @Actor
  public void pipe() {
    append("ab");
    append("cd");
  }

  private void append(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    try {
      backlog.append(Stream.STDOUT, bytes, bytes.length, READ_AT);
    } catch (InterruptedException e) {
      throw new IllegalStateException("there is room, so nobody waits", e);
    }
  }

  @Actor
  public void sender() {
    send();
    send();
  }

  private void send() {
    List<OutputChunk> next = backlog.after(last, 1 << 16);
    for (OutputChunk chunk : next) {
      sent.append(new String(chunk.bytes(), 0, chunk.length(), StandardCharsets.US_ASCII));
      last = chunk.number();
    }
    backlog.sealed(last);
  }

  @Arbiter
  public void rest(LJ_Result result) {
    send();
    result.r1 = sent.toString();
    result.r2 = budget.taken();
  }
}
