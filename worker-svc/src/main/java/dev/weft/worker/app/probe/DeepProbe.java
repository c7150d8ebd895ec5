package dev.weft.worker.app.probe;

import dev.weft.worker.app.Executor;
import dev.weft.worker.app.Executor.Execution;
import dev.weft.worker.app.WorkView;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.Resources;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.TokenUse;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.Work.Confinement;
import dev.weft.worker.domain.Work.NetworkAccess;
import dev.weft.worker.domain.probe.ProbeFinding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Layer 4: a command of the worker's own, by the executor that runs tasks: a workspace, a sandbox,
 * a file written and read in it, output that comes back, and all of it cleared away. It takes no
 * slot and nobody outside of the worker hears of it; while all slots are taken, or the worker
 * drains, it waits.
 */
public final class DeepProbe implements Probe {

  private static final String SANDBOX = "sandbox";
  private static final String TASK = "probe_deep";
  private static final String VARIABLE = "PROBE";
  private static final List<String> COMMAND =
      List.of(
          "/bin/sh",
          "-c",
          "echo \"$" + VARIABLE + "\" > word && read -r said < word && echo \"$said\"");

  private final Executor shell;
  private final SandboxLevel level;
  private final Supplier<WorkView> work;
  private final AtomicLong numbers = new AtomicLong();

  /**
   * @param shell keeps what the command says to itself
   * @param level of its sandboxes
   */
  public DeepProbe(Executor shell, SandboxLevel level, Supplier<WorkView> work) {
    this.shell = shell;
    this.level = level;
    this.work = work;
  }

  @Override
  public boolean possible() {
    WorkView view = work.get();
    return !view.draining() && view.slotsUsed() < view.slotsTotal();
  }

  @Override
  public List<ProbeFinding> ask(Duration timeout) throws InterruptedException {
    long number = numbers.incrementAndGet();
    String word = "probe " + number;
    CompletableFuture<AttemptResult> ended = new CompletableFuture<>();
    Execution execution = shell.start(assignment(number, word, timeout), new End(ended));
    try {
      return List.of(ProbeFinding.own(SANDBOX, fault(ended.get(), word)));
    } catch (ExecutionException e) {
      throw new IllegalStateException("a listener is told no errors", e);
    } catch (InterruptedException e) {
      execution.end(EndReason.DRAINED);
      throw e;
    }
  }

  /**
   * The command is ended a little before the probe is given up, so that what it hangs in is named.
   */
  private Assignment assignment(long number, String word, Duration timeout) {
    Work.Shell command =
        new Work.Shell(
            COMMAND,
            false,
            List.of(),
            Map.of(VARIABLE, word),
            new byte[0],
            "",
            new Confinement(level, NetworkAccess.NONE),
            0);
    return new Assignment(
        new AttemptKey(TASK, 1, number),
        "",
        command,
        Resources.NONE,
        timeout.multipliedBy(4).dividedBy(5),
        "");
  }

  private static String fault(AttemptResult result, String word) {
    if (result.failure().isPresent()) {
      return result.failure().get().message();
    }
    String said = new String(result.report().output().stdout(), StandardCharsets.UTF_8).strip();
    return said.equals(word) ? "" : "the command said: " + said + " (expected: " + word + ")";
  }

  private record End(CompletableFuture<AttemptResult> ended) implements Executor.Listener {

    @Override
    public void started(AttemptKey key) {
      // Its end is all that counts.
    }

    @Override
    public void used(AttemptKey key, TokenUse use) {
      // It has no model.
    }

    @Override
    public void ended(AttemptResult result) {
      ended.complete(result);
    }
  }
}
