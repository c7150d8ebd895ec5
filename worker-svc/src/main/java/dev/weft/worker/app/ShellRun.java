package dev.weft.worker.app;

import dev.weft.worker.app.ArtifactStore.Errand;
import dev.weft.worker.app.Carrier.Stowed;
import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.AttemptResult.Changes;
import dev.weft.worker.domain.AttemptResult.Report;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.FailureReason.Kind;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.SecretEnvironment;
import dev.weft.worker.domain.TokenUse;
import dev.weft.worker.domain.Work;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * One command from what it brings along to what it leaves. A result is told only when nothing of
 * the command runs any more; its files go meanwhile.
 */
final class ShellRun implements Runnable {

  private static final Logger LOG = Logger.getLogger(ShellRun.class);
  private static final int SHOWN_BYTES = 300;

  private final ShellExecutor.Setup setup;
  private final Assignment assignment;
  private final Work.Shell work;
  private final Executor.Listener listener;
  private final Limits limits;
  private final Halt halt = new Halt();
  private final AttemptOutput output;
  private volatile TokenUse used = TokenUse.NOTHING;
  private long startedAt;

  ShellRun(
      ShellExecutor.Setup setup,
      Assignment assignment,
      Work.Shell work,
      Executor.Listener listener) {
    this.setup = setup;
    this.assignment = assignment;
    this.work = work;
    this.listener = listener;
    this.limits = setup.limits().forTask(assignment.reserved(), assignment.timeout());
    this.output = setup.carrying().output(assignment.key());
  }

  void end(EndReason reason) {
    halt.end(reason);
  }

  @Override
  public void run() {
    startedAt = setup.ticker().nanos();
    AttemptResult result;
    try {
      result = runInWorkspace();
    } catch (InvalidWorkException e) {
      result = failed(e.failure());
    } catch (CarryException e) {
      LOG.infof("attempt can't be carried out: attempt=%s error=%s", assignment.key(), e.failure());
      result = failed(e.failure());
    } catch (HaltedException e) {
      result = failed(e.reason().failure());
    } catch (SandboxException | IOException | RuntimeException e) {
      LOG.warnf(e, "attempt could not run: attempt=%s", assignment.key());
      result = failed(new Failure(FailureReason.SANDBOX_FAILED, sandboxMessage(e)));
    } catch (InterruptedException e) {
      result = failed(EndReason.DRAINED.failure());
    }
    listener.ended(result.withTokens(used));
  }

  private void used(TokenUse use) {
    used = use;
    listener.used(assignment.key(), use);
  }

  private AttemptResult runInWorkspace()
      throws InvalidWorkException,
          CarryException,
          HaltedException,
          SandboxException,
          IOException,
          InterruptedException {
    setup.require(work.confinement());
    List<String> argv = CommandLine.argv(work.argv(), work.useShell());
    Map<String, String> environment = CommandLine.environment(assignment, work.environment());
    halt.check();
    Errand errand = new Errand(assignment.key(), halt, assignment.traceparent());
    try (SecretEnvironment secrets = setup.carrying().secrets(errand, work.carried().secrets());
        Workspace workspace = setup.workspaces().open(assignment.key())) {
      AttemptResult result;
      // Over before the workspace is left: what is there to read goes with it.
      try (TokenWatch _ = setup.carrying().tokens(assignment.key(), workspace, this::used)) {
        result = runIn(workspace, argv, environment, errand, secrets);
      }
      workspace.leave();
      return result;
    }
  }

  private AttemptResult runIn(
      Workspace workspace,
      List<String> argv,
      Map<String, String> environment,
      Errand errand,
      SecretEnvironment secrets)
      throws InvalidWorkException,
          CarryException,
          HaltedException,
          SandboxException,
          IOException,
          InterruptedException {
    Stowed stowed =
        setup
            .carrying()
            .carrier()
            .bring(
                setup.carrying().load(errand, assignment, work.carried(), limits.fileBytes()),
                workspace);
    workspace.furnish(work);
    stowed.settle();
    Command command =
        new Command(
            workspace,
            argv,
            work.workingDirectory(),
            environment,
            secrets,
            work.confinement().network(),
            limits);
    SandboxedProcess process = setup.sandbox().launch(command);
    secrets.wipe();
    startedAt = setup.ticker().nanos();
    listener.started(assignment.key());
    return keep(watch(process), stowed);
  }

  private AttemptResult watch(SandboxedProcess process)
      throws SandboxException, InterruptedException {
    return new CommandWatch(
            new CommandWatch.Watched(assignment.key(), work, limits), output, halt, setup)
        .attend(process, startedAt);
  }

  /**
   * Keeps what the command changed, also when it failed, but not when somebody else ended it. What
   * can't be kept fails an attempt that had succeeded, since its user would miss what it made.
   */
  private AttemptResult keep(AttemptResult result, Stowed stowed)
      throws IOException, InterruptedException {
    boolean endedFromOutside =
        result.failure().filter(failure -> failure.reason().kind() != Kind.FAILED).isPresent();
    if (endedFromOutside) {
      return result;
    }
    try {
      Changes changes = stowed.take();
      return new AttemptResult(result.key(), result.failure(), result.report().with(changes));
    } catch (CarryException e) {
      LOG.warnf("changes could not be kept: attempt=%s error=%s", result.key(), e.failure());
      Failure why = e.failure();
      Failure failure =
          result
              .failure()
              .map(own -> own.with("changes", why.reason().name()))
              .orElse(why.with("exit_code", "0"));
      return AttemptResult.failed(result.key(), failure, result.report());
    } catch (HaltedException e) {
      return AttemptResult.failed(result.key(), e.reason().failure(), result.report());
    }
  }

  private AttemptResult failed(Failure failure) {
    Duration wall = Duration.ofNanos(setup.ticker().nanos() - startedAt);
    Report report = new Report(0, output.finish(), wall, Duration.ZERO, 0);
    return new AttemptResult(assignment.key(), Optional.of(failure), report);
  }

  /**
   * What the sandbox's own programs said is in the output, since the task's command never came to
   * write any.
   */
  private String sandboxMessage(Exception e) {
    byte[] said = output.head().stderr();
    String text =
        new String(said, 0, Math.min(said.length, SHOWN_BYTES), StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? String.valueOf(e.getMessage()) : e.getMessage() + ": " + text;
  }
}
