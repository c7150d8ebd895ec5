package dev.weft.router.domain.replay;

import dev.weft.router.domain.replay.Outcome.End;
import dev.weft.router.domain.replay.Outcome.Run;
import java.time.Instant;
import java.util.List;

/** What really happened, in the words of a replay. */
public final class Recording {

  private Recording() {}

  /** One outcome for each task, in the order of acceptance. */
  public static List<Outcome> outcomes(Workload workload, PriceHistory prices) {
    return workload.tasks().stream().map(task -> outcome(workload, task, prices)).toList();
  }

  private static Outcome outcome(Workload workload, RecordedTask task, PriceHistory prices) {
    List<Run> runs =
        task.runs().stream()
            .map(
                run ->
                    new Run(
                        run.worker(),
                        workload.nanos(run.started()),
                        workload.nanos(end(run, workload.readAt())),
                        prices.at(run.worker(), run.started())))
            .toList();
    Instant ended = task.ended();
    return new Outcome(
        task,
        ended == null ? End.OPEN : End.of(task.state()),
        workload.nanos(task.created()),
        workload.nanos(task.ready()),
        ended == null ? Outcome.NEVER : workload.nanos(ended),
        runs);
  }

  private static Instant end(RecordedRun run, Instant readAt) {
    Instant end = run.ended() == null ? readAt : run.ended();
    return end.isBefore(run.started()) ? run.started() : end;
  }
}
