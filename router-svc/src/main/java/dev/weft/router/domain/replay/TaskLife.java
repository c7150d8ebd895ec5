package dev.weft.router.domain.replay;

import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.replay.Outcome.End;
import dev.weft.router.domain.replay.Outcome.Run;
import dev.weft.router.domain.replay.RunTimes.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One task in a replay. */
final class TaskLife {

  final RecordedTask task;
  private final List<Step> script;
  private final List<Run> runs = new ArrayList<>(1);
  private int failures;
  private @Nullable AttemptKey held;
  private @Nullable ReplayWorker worker;
  private @Nullable Price price;
  private long leasedAt;
  private End end = End.OPEN;
  private long endedAt = Outcome.NEVER;

  TaskLife(RecordedTask task, List<Step> script) {
    this.task = task;
    this.script = script;
  }

  /** What its next attempt does. */
  Step step() {
    return script.get(Math.min(failures, script.size() - 1));
  }

  void leased(AttemptKey key, ReplayWorker by, long now) {
    held = key;
    worker = by;
    price = by.price();
    leasedAt = now;
  }

  boolean holds(AttemptKey key) {
    return key.equals(held);
  }

  boolean isOn(ReplayWorker one) {
    return one.equals(worker);
  }

  @Nullable AttemptKey held() {
    return held;
  }

  /** Its attempt is over, however. */
  void released(long now) {
    if (worker != null) {
      runs.add(new Run(worker.profile().id(), leasedAt, now, price));
    }
    held = null;
    worker = null;
  }

  void failed() {
    failures++;
  }

  boolean over() {
    return end != End.OPEN;
  }

  void ended(End how, long now) {
    end = how;
    endedAt = now;
  }

  /**
   * @param now when nobody looks any more
   */
  Outcome outcome(Workload workload, long now) {
    released(now);
    return new Outcome(
        task, end, workload.nanos(task.created()), workload.nanos(task.ready()), endedAt, runs);
  }
}
