package dev.weft.worker.app;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.Executor.Execution;
import dev.weft.worker.app.WorkView.Activity;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.AttemptState;
import dev.weft.worker.domain.AttemptState.Assigned;
import dev.weft.worker.domain.AttemptState.Ended;
import dev.weft.worker.domain.AttemptState.Ending;
import dev.weft.worker.domain.AttemptState.Running;
import dev.weft.worker.domain.AttemptState.Starting;
import dev.weft.worker.domain.Capacity;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.SlotLedger;
import dev.weft.worker.domain.TokenUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The attempts that are on this worker now, each with its state and its place in the capacity. On
 * the loop's thread.
 */
public final class Attempts {

  /** Where the executors' words go: onto the loop's thread. */
  public record Wiring(java.util.concurrent.Executor loop, Ticker ticker, Tally tally) {}

  private static final Execution NOT_YET = reason -> {};

  private final Map<String, Executor> executors = new HashMap<>();
  private final SlotLedger slots;
  private final Wiring wiring;
  private final Map<AttemptKey, AttemptState> states = new LinkedHashMap<>();
  private final Map<AttemptKey, Execution> executions = new HashMap<>();
  private final Map<String, Integer> perTask = new HashMap<>();
  private final TokenNews tokens = new TokenNews();
  private Consumer<AttemptKey> onStarted = key -> {};
  private Consumer<AttemptResult> onEnded = result -> {};

  public Attempts(List<Executor> executors, Capacity capacity, Wiring wiring) {
    executors.forEach(executor -> this.executors.put(executor.kind(), executor));
    this.slots = new SlotLedger(capacity);
    this.wiring = wiring;
  }

  /** Who is told of starts and ends. */
  void tell(Consumer<AttemptKey> started, Consumer<AttemptResult> ended) {
    onStarted = started;
    onEnded = ended;
  }

  /** What those that run have used of models. */
  TokenNews tokens() {
    return tokens;
  }

  boolean holds(AttemptKey key) {
    return states.containsKey(key);
  }

  Set<AttemptKey> keys() {
    return Set.copyOf(states.keySet());
  }

  int count() {
    return states.size();
  }

  Capacity capacity() {
    return slots.capacity();
  }

  /** Takes an assignment, or says why it can't be taken. */
  Optional<String> begin(Assignment assignment) {
    AttemptKey key = assignment.key();
    Executor executor = executors.get(assignment.work().executor());
    if (executor == null) {
      return Optional.of("executor " + assignment.work().executor() + ": not offered");
    }
    endOlder(key);
    Optional<String> lack = slots.reserve(key, assignment.work(), assignment.reserved());
    if (lack.isPresent()) {
      return lack;
    }
    Assigned assigned = new Assigned(assignment);
    states.put(key, assigned.starting());
    perTask.merge(key.taskId(), 1, Integer::sum);
    executions.put(key, NOT_YET);
    Execution execution = executor.start(assignment, new Progress());
    executions.replace(key, execution);
    return Optional.empty();
  }

  /** A newer attempt at the same task says that the older one is not valid any more. */
  private void endOlder(AttemptKey newer) {
    if (!perTask.containsKey(newer.taskId())) {
      return;
    }
    for (AttemptKey key : List.copyOf(states.keySet())) {
      if (key.taskId().equals(newer.taskId()) && key.fence() < newer.fence()) {
        end(key, EndReason.CANCELLED);
      }
    }
  }

  /** Ends an attempt, if it is there and not ending already; answers whether it was so. */
  boolean end(AttemptKey key, EndReason reason) {
    AttemptState state = states.get(key);
    Ending ending =
        switch (state) {
          case Starting starting -> starting.ending(reason);
          case Running running -> running.ending(reason);
          case Assigned ignored -> null;
          case Ending ignored -> null;
          case Ended ignored -> null;
          case null -> null;
        };
    if (ending == null) {
      return false;
    }
    states.put(key, ending);
    Execution execution = executions.get(key);
    if (execution != null) {
      execution.end(reason);
    }
    return true;
  }

  /** Tells all work that the worker is to stop. */
  void drain(Duration grace) {
    List.copyOf(executions.values()).forEach(execution -> execution.drain(grace));
  }

  void endAll(EndReason reason) {
    List.copyOf(states.keySet()).forEach(key -> end(key, reason));
  }

  private void started(AttemptKey key) {
    if (states.get(key) instanceof Starting starting) {
      states.put(key, starting.running(wiring.ticker().nanos()));
      onStarted.accept(key);
    }
  }

  private void used(AttemptKey key, TokenUse use) {
    if (states.containsKey(key)) {
      tokens.used(key, use);
    }
  }

  private void ended(AttemptResult result) {
    AttemptState state = states.remove(result.key());
    tokens.ended(result.key());
    if (state != null) {
      perTask.computeIfPresent(
          result.key().taskId(), (task, count) -> count == 1 ? null : count - 1);
    }
    executions.remove(result.key());
    slots.release(result.key());
    Ended ended =
        switch (state) {
          case Starting starting -> starting.ended(result);
          case Running running -> running.ended(result);
          case Ending ending -> ending.ended(result);
          case Assigned ignored -> null;
          case Ended ignored -> null;
          case null -> null;
        };
    if (ended != null) {
      wiring.tally().add(result);
      onEnded.accept(ended.result());
    }
  }

  WorkView view(boolean connected, boolean draining) {
    List<String> tasks = new ArrayList<>();
    states.keySet().forEach(key -> tasks.add(key.taskId()));
    Activity activity = states.isEmpty() ? Activity.IDLE : Activity.EXECUTING;
    return new WorkView(
        wiring.tally().sandboxes() == Tally.Sandboxes.FAILED ? Activity.FAILED : activity,
        slots.capacity().workSlots(),
        slots.usedWorkSlots(),
        tasks,
        wiring.tally().totals(),
        connected,
        draining);
  }

  private final class Progress implements Executor.Listener {
    @Override
    public void started(AttemptKey key) {
      wiring.loop().execute(() -> Attempts.this.started(key));
    }

    @Override
    public void used(AttemptKey key, TokenUse use) {
      wiring.loop().execute(() -> Attempts.this.used(key, use));
    }

    @Override
    public void ended(AttemptResult result) {
      wiring.loop().execute(() -> Attempts.this.ended(result));
    }
  }
}
