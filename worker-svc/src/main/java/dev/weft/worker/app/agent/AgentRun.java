package dev.weft.worker.app.agent;

import dev.weft.worker.app.ArtifactStore.Errand;
import dev.weft.worker.app.Carrier.Stowed;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.CommandLine;
import dev.weft.worker.app.Executor;
import dev.weft.worker.app.Halt;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.app.InvalidWorkException;
import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.ShellExecutor;
import dev.weft.worker.app.TokenWatch;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.app.agent.BodyEnding.Stage;
import dev.weft.worker.app.agent.BodyPlaces.Wanted;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.AttemptResult.Report;
import dev.weft.worker.domain.CapturedOutput;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.TokenUse;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.agent.BodyEnd;
import dev.weft.worker.domain.agent.BodyEnd.Cause;
import dev.weft.worker.domain.agent.FrameOutbox;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One body from its workspace's coming to its going. A result is told only when nothing of the body
 * is left, and when the home has its last frames or does not take them in time.
 */
final class AgentRun implements Runnable, Executor.Execution {

  private static final Logger LOG = Logger.getLogger(AgentRun.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration LAST_FRAMES = Duration.ofSeconds(5);
  private static final Duration CLEARING = Duration.ofSeconds(60);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final AgentExecutor.Setup all;
  private final FrameMemory memory;
  private final ShellExecutor.Setup setup;
  private final Assignment assignment;
  private final Work.Agent work;
  private final Executor.Listener listener;
  private final Halt halt = new Halt();
  private final Departure departure;
  private final long beganAt;
  private volatile TokenUse used = TokenUse.NOTHING;
  private @Nullable LiveBody body;

  AgentRun(
      AgentExecutor.Setup all,
      FrameMemory memory,
      Assignment assignment,
      Work.Agent work,
      Executor.Listener listener) {
    this.all = all;
    this.memory = memory;
    this.setup = all.shell();
    this.assignment = assignment;
    this.work = work;
    this.listener = listener;
    this.departure = new Departure(setup.ticker(), all.clock());
    this.beganAt = setup.ticker().nanos();
  }

  @Override
  public void end(EndReason reason) {
    halt.end(reason);
  }

  /** Says so to the clients, saves and moves. */
  @Override
  public synchronized void drain(Duration grace) {
    departure.begin(grace);
    leave();
  }

  private synchronized void lives(LiveBody living) {
    body = living;
    leave();
  }

  private void leave() {
    LiveBody living = body;
    if (living != null && departure.hasBegun()) {
      living.want(Cause.DRAINED);
      departure.tell(living.frames());
    }
  }

  @Override
  public void run() {
    AttemptResult result;
    try {
      result = AttemptResult.succeeded(assignment.key(), Report.of(live(), wallTime()));
    } catch (InvalidWorkException e) {
      result = failed(e.failure());
    } catch (CarryException e) {
      LOG.infof("body can't be: attempt=%s error=%s", assignment.key(), e.failure());
      result = failed(e.failure());
    } catch (HaltedException e) {
      result = failed(e.reason().failure());
    } catch (SandboxException | IOException | RuntimeException e) {
      LOG.warnf(e, "body could not live: attempt=%s", assignment.key());
      String message = String.valueOf(e.getMessage());
      result = failed(new Failure(FailureReason.SANDBOX_FAILED, message));
    } catch (InterruptedException e) {
      result = failed(EndReason.DRAINED.failure());
    }
    listener.ended(result.withTokens(used));
  }

  private void used(TokenUse use) {
    used = use;
    listener.used(assignment.key(), use);
  }

  private Duration wallTime() {
    return Duration.ofNanos(setup.ticker().nanos() - beganAt);
  }

  private AttemptResult failed(Failure failure) {
    return AttemptResult.failed(
        assignment.key(),
        failure,
        new Report(0, CapturedOutput.EMPTY, wallTime(), Duration.ZERO, 0));
  }

  private BodyEnd live()
      throws InvalidWorkException,
          CarryException,
          HaltedException,
          SandboxException,
          IOException,
          InterruptedException {
    setup.require(work.confinement());
    Wanted wanted = wanted();
    halt.check();
    Errand errand = new Errand(assignment.key(), halt, assignment.traceparent());
    try (BodyPlace place = all.places().open(wanted);
        TokenWatch _ = setup.carrying().tokens(assignment.key(), place.workspace(), this::used)) {
      Stowed stowed = fill(errand, place.workspace());
      FrameStore frames =
          new FrameStore(new FrameOutbox(FrameOutbox.BOUND_BYTES), all.clock(), setup.ticker());
      try (var _ = memory.share(frames)) {
        BodySandbox sandbox = new BodySandbox(place, work, wanted);
        LiveBody living =
            new LiveBody(assignment.key(), work, sandbox, frames, stowed, departure, all);
        WorkspaceSaver saver = new WorkspaceSaver(stowed, work.agentId(), frames, all.clock());
        return live(living, saver);
      }
    }
  }

  private Wanted wanted() throws InvalidWorkException {
    return new Wanted(
        assignment.key(),
        work.confinement().network(),
        setup.limits().forTask(assignment.reserved(), setup.limits().wallTime()),
        CommandLine.environment(assignment, work.environment()));
  }

  private BodyEnd live(LiveBody living, WorkspaceSaver saver)
      throws HaltedException, InterruptedException {
    lives(living);
    listener.started(assignment.key());
    try (AgentHomes.Connection home = all.homes().connect(living);
        Halt.Hung _ = halt.breaks(() -> kill(living))) {
      BodyEnd end = liveAndSave(living, saver);
      home.goodbye();
      return end;
    } finally {
      clear(living);
    }
  }

  private Stowed fill(Errand errand, Workspace workspace)
      throws InvalidWorkException,
          CarryException,
          HaltedException,
          IOException,
          InterruptedException {
    Work.Carried carried = new Work.Carried(work.workspaceArtifact(), true, Map.of());
    Limits limits = setup.limits();
    Stowed stowed =
        setup
            .carrying()
            .carrier()
            .bring(
                setup.carrying().load(errand, assignment, carried, limits.fileBytes()), workspace);
    workspace.furnish(nothingButItsOwner());
    stowed.settle();
    return stowed;
  }

  private Work.Shell nothingButItsOwner() {
    return new Work.Shell(
        List.of(), false, List.of(), Map.of(), new byte[0], "", work.confinement(), 0);
  }

  private static void kill(LiveBody living) {
    living.end(Stage.KILLED);
    living.frames().close();
  }

  /** Whatever happened: the workspace goes only when nothing runs in it. */
  private void clear(LiveBody living) throws InterruptedException {
    kill(living);
    if (!living.awaitQuiet(CLEARING)) {
      LOG.errorf("a body does not end: attempt=%s", assignment.key());
    }
  }

  private BodyEnd liveAndSave(LiveBody living, WorkspaceSaver saver)
      throws HaltedException, InterruptedException {
    Optional<Cause> cause = living.wanted();
    while (cause.isEmpty()) {
      halt.check();
      saver.tend(living);
      living.pause(TICK);
      cause = living.wanted();
    }
    LOG.infof(
        "body ends: agentId=%s body=%d attempt=%s cause=%s",
        work.agentId(), work.body(), assignment.key(), cause.get());
    return end(living, saver, cause.get());
  }

  private BodyEnd end(LiveBody living, WorkspaceSaver saver, Cause cause)
      throws HaltedException, InterruptedException {
    while (departure.mayGoOn() && living.commandsRun()) {
      halt.check();
      saver.fulfil(living);
      departure.tell(living.frames());
      living.pause(TICK);
    }
    halt.check();
    living.end(Stage.POLITE);
    if (!living.awaitQuiet(setup.grace().plus(LAST_FRAMES))) {
      // Its last output finds no room, since no home takes it.
      LOG.warnf("commands do not end in time: attempt=%s", assignment.key());
      living.end(Stage.KILLED);
      living.awaitQuiet(LAST_FRAMES);
    }
    halt.check();
    WorkspaceSaver.Outcome outcome = saveFinally(living, saver);
    saver.tellRest();
    if (!living.frames().awaitAcknowledged(LAST_FRAMES)) {
      LOG.warnf(
          "no home has the last frames: agentId=%s attempt=%s", work.agentId(), assignment.key());
    }
    halt.check();
    return new BodyEnd(cause, outcome.workspace(), outcome.incomplete(), living.begun());
  }

  /** Nothing but a drain hurries: while nobody stores the workspace it is only here. */
  private WorkspaceSaver.Outcome saveFinally(LiveBody living, WorkspaceSaver saver)
      throws HaltedException, InterruptedException {
    Duration pause = FIRST_PAUSE;
    WorkspaceSaver.Outcome outcome = saver.saveFinally();
    while (outcome.mayPass() && rest(pause, living, saver)) {
      outcome = saver.saveFinally();
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
    if (outcome.workspace().isEmpty()) {
      LOG.warnf(
          "body ends without its workspace: agentId=%s attempt=%s",
          work.agentId(), assignment.key());
    }
    return outcome;
  }

  /** Answers whether there is time for another try after it. */
  private boolean rest(Duration pause, LiveBody living, WorkspaceSaver saver)
      throws HaltedException, InterruptedException {
    long until = setup.ticker().nanos() + pause.toNanos();
    while (departure.maySave() && until - setup.ticker().nanos() > 0) {
      halt.check();
      saver.tellRest();
      living.pause(TICK);
    }
    return departure.maySave();
  }
}
