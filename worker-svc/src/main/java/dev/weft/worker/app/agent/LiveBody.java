package dev.weft.worker.app.agent;

import dev.weft.worker.app.Carrier;
import dev.weft.worker.app.ShellExecutor;
import dev.weft.worker.app.agent.BodyEnding.Stage;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.agent.AgentCommand;
import dev.weft.worker.domain.agent.AgentSignal;
import dev.weft.worker.domain.agent.BodyEnd.Cause;
import dev.weft.worker.domain.agent.CommandQueue;
import dev.weft.worker.domain.agent.HomeOrders;
import dev.weft.worker.domain.agent.IdleClock;
import dev.weft.worker.domain.agent.SavePlan;
import dev.weft.worker.domain.agent.SessionEvent.CommandEnded;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What lives in a body: its commands and its terminal, what is wanted of it, and when it is idle.
 * Safe for threads.
 */
final class LiveBody implements AgentHomes.Body {

  private static final Logger LOG = Logger.getLogger(LiveBody.class);

  private final AttemptKey lease;
  private final Work.Agent work;
  private final BodySandbox sandbox;
  private final FrameStore frames;
  private final Departure departure;
  private final ShellExecutor.Setup setup;
  private final BodyEnding ending = new BodyEnding();
  private final Terminal terminal;
  private final CommandQueue queue = new CommandQueue();
  private final Map<String, CommandRun> runs = new HashMap<>();
  private final IdleClock idle;
  private final SavePlan saves;
  private final SaveWishes wishes = new SaveWishes(this::wake);
  private final ErrandRun.Tools errands;
  private @Nullable Cause wanted;

  /** For its stream's thread, which waits for nobody here. */
  private volatile Duration idleFor = Duration.ZERO;

  LiveBody(
      AttemptKey lease,
      Work.Agent work,
      BodySandbox sandbox,
      FrameStore frames,
      Carrier.Stowed stowed,
      Departure departure,
      AgentExecutor.Setup all) {
    this.lease = lease;
    this.work = work;
    this.sandbox = sandbox;
    this.frames = frames;
    this.departure = departure;
    this.errands = new ErrandRun.Tools(work.agentId(), wishes, stowed.files(), stowed.memory());
    this.setup = all.shell();
    this.terminal = new Terminal(sandbox, frames, ending, setup);
    long now = setup.ticker().nanos();
    this.idle = new IdleClock(work.idleTimeout(), now);
    this.saves = new SavePlan(now);
    if (work.storeFirst()) {
      saves.soon();
    }
  }

  @Override
  public String agentId() {
    return work.agentId();
  }

  @Override
  public int number() {
    return work.body();
  }

  @Override
  public AttemptKey lease() {
    return lease;
  }

  @Override
  public FrameStore frames() {
    return frames;
  }

  @Override
  public Optional<Instant> movesAt() {
    return departure.movesAt();
  }

  @Override
  public Duration idleFor() {
    return idleFor;
  }

  @Override
  public synchronized void obey(HomeOrders orders) {
    if (ending.stage() != Stage.LIVES) {
      return;
    }
    boolean typed = orders.terminalInput().length > 0;
    boolean given = false;
    for (AgentCommand command : orders.commands()) {
      given |= queue.give(command);
    }
    if (typed || given) {
      idle.active(setup.ticker().nanos());
      saves.touched();
    }
    startNext();
    orders.signals().forEach(each -> signal(each.commandId(), each.signal()));
    if (wanted == null) {
      orders.size().ifPresent(terminal::resize);
      if (typed) {
        terminal.input(orders.terminalInput());
      }
    }
    if (orders.hibernate()) {
      want(Cause.HIBERNATED);
    }
  }

  private void startNext() {
    for (AgentCommand command : queue.start()) {
      Thread.ofPlatform().daemon().name("weft-command-" + command.id()).start(run(command));
    }
  }

  private Runnable run(AgentCommand command) {
    if (command.errand().isPresent()) {
      return new ErrandRun(
          command, command.errand().get(), errands, frames, ending, this::commandEnded);
    }
    CommandRun run = new CommandRun(command, sandbox, frames, ending, setup, this::commandEnded);
    runs.put(command.id(), run);
    return run;
  }

  /** Who wants the workspace stored now. */
  SaveWishes wishes() {
    return wishes;
  }

  private synchronized void commandEnded(String id) {
    runs.remove(id);
    queue.ended(id);
    idle.active(setup.ticker().nanos());
    saves.soon();
    startNext();
    notifyAll();
  }

  /** One that waits never runs then. */
  private void signal(String id, AgentSignal signal) {
    CommandRun run = runs.get(id);
    if (run != null) {
      run.signal(signal);
      return;
    }
    queue
        .withdraw(id)
        .map(
            command ->
                new CommandEnded(
                    id, signal.exitCode(), Optional.of(CommandRun.signalFailure(signal))))
        .ifPresent(
            end -> {
              if (!frames.offer(end)) {
                LOG.warnf("the end of a command that never ran is not told: command=%s", id);
              }
            });
  }

  /** The body is to end by itself; the first cause counts. */
  synchronized void want(Cause cause) {
    if (wanted == null) {
      wanted = cause;
      queue.close();
      notifyAll();
    }
  }

  /** Why the body is to end, if it is. */
  synchronized Optional<Cause> wanted() {
    long now = setup.ticker().nanos();
    if (queue.running() > 0) {
      idle.active(now);
    }
    idleFor = idle.idleFor(now);
    if (queue.running() > 0 || terminal.isOpen()) {
      saves.touched();
    }
    if (wanted == null) {
      idle.due(now).ifPresent(this::want);
    }
    return Optional.ofNullable(wanted);
  }

  /** Whether the workspace is to be looked at now; if so, the look begins. */
  synchronized boolean beginSave() {
    long now = setup.ticker().nanos();
    boolean due = saves.due(now);
    if (due) {
      saves.begins(now);
    }
    return due;
  }

  /** The workspace is looked at now, due or not. */
  synchronized void savesNow() {
    saves.begins(setup.ticker().nanos());
  }

  synchronized void saved(boolean success) {
    saves.ended(setup.ticker().nanos(), success);
  }

  /** Waits until something happens, at most so long. */
  synchronized void pause(Duration atMost) throws InterruptedException {
    TimeUnit.NANOSECONDS.timedWait(this, atMost.toNanos());
  }

  /** Whoever waits looks again. */
  synchronized void wake() {
    notifyAll();
  }

  synchronized boolean commandsRun() {
    return queue.running() > 0;
  }

  /** The commands that never run again, in whatever body. */
  synchronized List<String> begun() {
    return queue.begun();
  }

  /** All that runs is to end. */
  void end(Stage how) {
    synchronized (this) {
      queue.close();
      ending.reach(how);
    }
    wake();
  }

  /** Whether nothing runs any more; waits for it, at most so long. */
  boolean awaitQuiet(Duration atMost) throws InterruptedException {
    long until = setup.ticker().nanos() + atMost.toNanos();
    while (commandsRun() && until - setup.ticker().nanos() > 0) {
      pause(Duration.ofMillis(20));
    }
    long left = TimeUnit.NANOSECONDS.toMillis(until - setup.ticker().nanos());
    return !commandsRun() && terminal.awaitEnd(left);
  }
}
