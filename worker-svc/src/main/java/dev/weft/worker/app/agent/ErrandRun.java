package dev.weft.worker.app.agent;

import dev.weft.worker.app.AgentMemory;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.app.WorkspaceFiles;
import dev.weft.worker.app.agent.BodyEnding.Stage;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.AgentCommand;
import dev.weft.worker.domain.agent.BodyErrand;
import dev.weft.worker.domain.agent.CommandOutcome;
import dev.weft.worker.domain.agent.CommandOutcome.Memory;
import dev.weft.worker.domain.agent.SessionEvent.CommandEnded;
import dev.weft.worker.domain.agent.SessionEvent.CommandStarted;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** One command that is no program's but the body's own, from its start to its end. */
final class ErrandRun implements Runnable {

  private static final Logger LOG = Logger.getLogger(ErrandRun.class);
  private static final long LOOK_MILLIS = 50;
  private static final int FAILED = 1;
  private static final byte[] NOTHING = {};

  private final AgentCommand command;
  private final BodyErrand errand;
  private final Tools tools;
  private final FrameStore frames;
  private final BodyEnding ending;
  private final Consumer<String> onEnd;

  /** What errands of one body are done with. */
  record Tools(String agentId, SaveWishes saves, WorkspaceFiles files, AgentMemory memory) {}

  ErrandRun(
      AgentCommand command,
      BodyErrand errand,
      Tools tools,
      FrameStore frames,
      BodyEnding ending,
      Consumer<String> onEnd) {
    this.command = command;
    this.errand = errand;
    this.tools = tools;
    this.frames = frames;
    this.ending = ending;
    this.onEnd = onEnd;
  }

  @Override
  public void run() {
    try {
      frames.put(new CommandStarted(command.id()));
      frames.put(end());
    } catch (InterruptedException e) {
      LOG.debugf("nobody waits for its end: command=%s", command.id());
    } finally {
      onEnd.accept(command.id());
    }
  }

  private CommandEnded end() throws InterruptedException {
    try {
      return switch (errand) {
        case BodyErrand.StoreWorkspace _ -> stored();
        case BodyErrand.PutFiles put -> put(put);
        case BodyErrand.GetFiles get -> get(get);
        case BodyErrand.ListMemory _ -> remembered(list());
        case BodyErrand.GetMemory get -> remembered(recalled(get.key()));
        case BodyErrand.SetMemory set -> {
          tools.memory().set(set.key(), set.value());
          yield remembered(List.of(memory(set.key(), set.value())));
        }
        case BodyErrand.RemoveMemory old ->
            remembered(
                tools.memory().remove(old.key()) ? List.of(memory(old.key(), NOTHING)) : List.of());
      };
    } catch (CarryException e) {
      return failed(e.failure());
    } catch (HaltedException e) {
      return failed(e.reason().failure());
    } catch (ExecutionException | IOException | RuntimeException e) {
      LOG.warnf(e, "errand failed: command=%s", command.id());
      return failed(new Failure(FailureReason.SANDBOX_FAILED, String.valueOf(e.getMessage())));
    }
  }

  private CommandEnded stored() throws InterruptedException, ExecutionException {
    CompletableFuture<WorkspaceSaver.Outcome> wish = tools.saves().wish();
    while (ending.stage() == Stage.LIVES) {
      try {
        return told(wish.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        // Asked again, since the body may have to end meanwhile.
      }
    }
    return failed(CommandRun.interrupted());
  }

  private CommandEnded told(WorkspaceSaver.Outcome outcome) {
    return outcome
        .workspace()
        .map(saved -> well(new CommandOutcome.Stored(saved)))
        .orElseGet(() -> failed(outcome.incomplete().orElseThrow()));
  }

  private CommandEnded put(BodyErrand.PutFiles put)
      throws CarryException, HaltedException, IOException, InterruptedException {
    WorkspaceFiles.Place place = new WorkspaceFiles.Place(put.path(), put.name(), put.executable());
    return well(tools.files().put(put.artifact(), place, this::isOver));
  }

  private CommandEnded get(BodyErrand.GetFiles get)
      throws CarryException, HaltedException, IOException, InterruptedException {
    String storedAs = "agents/" + tools.agentId() + "/files";
    return well(tools.files().take(get.path(), storedAs, this::isOver));
  }

  private List<Memory> list() throws CarryException, IOException {
    return tools.memory().list().stream()
        .map(entry -> new Memory(entry.key(), NOTHING, entry.size()))
        .toList();
  }

  private List<Memory> recalled(String key) throws CarryException, IOException {
    return tools.memory().get(key).map(value -> memory(key, value)).stream().toList();
  }

  private static Memory memory(String key, byte[] value) {
    return new Memory(key, value, value.length);
  }

  private CommandEnded remembered(List<Memory> entries) {
    return well(new CommandOutcome.Remembered(entries));
  }

  private boolean isOver() {
    return ending.stage() == Stage.KILLED;
  }

  private CommandEnded well(CommandOutcome outcome) {
    return new CommandEnded(command.id(), 0, Optional.empty(), Optional.of(outcome));
  }

  private CommandEnded failed(Failure failure) {
    return new CommandEnded(command.id(), FAILED, Optional.of(failure));
  }
}
