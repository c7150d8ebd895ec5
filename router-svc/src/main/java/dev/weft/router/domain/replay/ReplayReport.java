package dev.weft.router.domain.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What really happened, the same replayed, and the proposal replayed, side by side.
 *
 * @param error how far {@code replayed} is from {@code recorded}
 */
public record ReplayReport(
    Workload workload,
    ReplayFigures recorded,
    ReplayFigures replayed,
    ReplayFigures proposed,
    ReplayError error,
    List<Note> notes) {

  /** What a replay could not take from records. */
  public record Note(Reason reason, String message) {}

  /** Kinds of notes. */
  public enum Reason {
    OWN_TASKS_ONLY,
    FLEET_AS_NOW,
    DURATIONS_ESTIMATED,
    LOSSES_NOT_REPLAYED
  }

  /**
   * Replays a past twice. Takes seconds for tens of thousands of tasks.
   *
   * @return empty when no task has succeeded: no time of any attempt is known
   * @throws Proposal.Unfit naming a field of the proposal, its value and what was expected
   * @throws ReplayStopped as soon as {@code stop} says so
   */
  public static Optional<ReplayReport> of(Past past, Proposal proposal, BooleanSupplier stop) {
    Workload workload = past.workload();
    Scenario then = past.scenario();
    Scenario proposed = proposal.in(then, workload);
    return RunTimes.of(workload)
        .map(
            times -> {
              List<Outcome> real = Recording.outcomes(workload, past.prices());
              List<Outcome> again = Replay.run(workload, times, then, stop);
              List<Outcome> otherwise = Replay.run(workload, times, proposed, stop);
              return new ReplayReport(
                  workload,
                  ReplayFigures.of(then, workload, real),
                  ReplayFigures.of(then, workload, again),
                  ReplayFigures.of(proposed, workload, otherwise),
                  ReplayError.of(real, again),
                  notes(past));
            });
  }

  private static List<Note> notes(Past past) {
    List<Note> notes = new ArrayList<>();
    notes.add(
        new Note(
            Reason.OWN_TASKS_ONLY,
            "only your own tasks are replayed: other tenants' load is not, so workers look emptier than they were"));
    if (past.fleetAsNow()) {
      notes.add(
          new Note(
              Reason.FLEET_AS_NOW,
              "no history of the workers is kept for the range: they are taken as they are now"));
    }
    List<RecordedTask> tasks = past.workload().tasks();
    long guessed = tasks.stream().filter(RunTimes::guessed).count();
    if (guessed > 0) {
      notes.add(
          new Note(
              Reason.DURATIONS_ESTIMATED,
              "%d tasks have no measured duration: each takes the median of its like, or what it has taken so far"
                  .formatted(guessed)));
    }
    long lost = tasks.stream().filter(RecordedTask::lostOne).count();
    if (lost > 0 && past.fleetAsNow()) {
      notes.add(
          new Note(
              Reason.LOSSES_NOT_REPLAYED,
              "%d tasks lost an attempt with its worker: without a history of the workers that is not replayed"
                  .formatted(lost)));
    }
    return notes;
  }
}
