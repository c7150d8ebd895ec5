package dev.weft.router.app;

import dev.weft.platform.time.Ticker;
import dev.weft.router.app.RecordReader.Records;
import dev.weft.router.app.ReplayRefusal.Reason;
import dev.weft.router.domain.cell.CellView;
import dev.weft.router.domain.cell.OrderPolicy;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.replay.FleetHistory;
import dev.weft.router.domain.replay.FleetWorker;
import dev.weft.router.domain.replay.Past;
import dev.weft.router.domain.replay.Proposal;
import dev.weft.router.domain.replay.ReplayReport;
import dev.weft.router.domain.replay.ReplayStopped;
import dev.weft.router.domain.replay.Scenario;
import dev.weft.router.domain.replay.Scenario.PolicyStep;
import dev.weft.router.domain.replay.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Replays on a thread of its own, beside the placer: one at a time, one of a tenant, for as long as
 * the caller is there and at most {@link #LONGEST}. The cell itself is asked for its fleet at most.
 */
public final class PlacementReplays implements AutoCloseable {

  public static final int MOST_TASKS = 50_000;
  public static final Duration LONGEST = Duration.ofSeconds(20);
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final long LOOK_SECONDS = 5;
  private static final int MOST_POLICIES = 1_000;

  private final CellInbox inbox;
  private final RecordReader records;
  private final PolicyBook policies;
  private final Rules configured;
  private final Ticker ticker;
  private final ReplayTurns turns = new ReplayTurns(WAIT);

  /**
   * What holds besides stored policies.
   *
   * @param placement as long as no version is stored
   */
  public record Rules(PlacementPolicy placement, OrderPolicy order) {}

  public PlacementReplays(
      CellInbox inbox, RecordReader records, PolicyBook policies, Rules configured, Ticker ticker) {
    this.inbox = inbox;
    this.records = records;
    this.policies = policies;
    this.configured = configured;
    this.ticker = ticker;
  }

  /**
   * Fails with {@link ReplayRefusal}, with {@link TaskQueries.Denied} on a replica that does not
   * hold the cell, with {@link Proposal.Unfit} for a field of the proposal that makes no sense for
   * the records, with {@link RecordReader.Unreadable}, and with {@link ReplayStopped} once nobody
   * waits any more.
   *
   * @param abandoned whether the caller has gone
   */
  public CompletionStage<ReplayReport> replay(ReplayQuestion question, BooleanSupplier abandoned) {
    return turns.take(question.tenant(), () -> run(question, abandoned));
  }

  @Override
  public void close() {
    turns.close();
  }

  private ReplayReport run(ReplayQuestion question, BooleanSupplier abandoned) {
    long until = ticker.nanos() + LONGEST.toNanos();
    BooleanSupplier late = () -> ticker.nanos() - until > 0;
    BooleanSupplier stop = () -> abandoned.getAsBoolean() || late.getAsBoolean() || turns.closed();
    try {
      // A replica that does not hold the cell says so before it reads anything.
      asked(_ -> true);
      return ReplayReport.of(past(question, stop), question.proposal(), stop)
          .orElseThrow(
              () -> noRecords(question, "at least one task that succeeded, for how long it took"));
    } catch (RecordReader.TooMany e) {
      throw new ReplayRefusal(
          Reason.REPLAY_RANGE_TOO_WIDE,
          "since..until: %s (expected: a shorter range)".formatted(e.getMessage()));
    } catch (ReplayStopped e) {
      if (late.getAsBoolean() && !abandoned.getAsBoolean()) {
        throw new ReplayRefusal(
            Reason.REPLAY_RANGE_TOO_WIDE,
            "since..until: not replayed within %d s (expected: a shorter range)"
                .formatted(LONGEST.toSeconds()));
      }
      throw e;
    }
  }

  private Past past(ReplayQuestion question, BooleanSupplier stop) {
    Records read =
        records.read(question.tenant(), question.since(), question.until(), MOST_TASKS, stop);
    Workload workload = read.workload();
    if (workload.tasks().isEmpty()) {
      throw noRecords(question, "at least one task of yours accepted in it");
    }
    FleetHistory history =
        new FleetHistory(read.fleet()).within(question.since(), question.until());
    boolean asNow = !history.covers(workload);
    FleetHistory fleet = asNow ? FleetHistory.constant(question.since(), present()) : history;
    if (fleet.workers().isEmpty()) {
      throw new ReplayRefusal(
          Reason.REPLAY_NO_WORKERS,
          "workers from %s to %s: none known (expected: one that was there then, or is now)"
              .formatted(question.since(), question.until()));
    }
    List<PolicyStep> steps = steps(question);
    Scenario then = new Scenario(steps.getLast().policy().name(), steps, fleet, configured.order());
    return new Past(workload, then, read.prices(), asNow);
  }

  private List<FleetWorker> present() {
    return asked(CellView::present).stream()
        .map(one -> FleetWorker.recorded(one.view(), one.capacity()))
        .sorted(Comparator.comparing(FleetWorker::id))
        .toList();
  }

  /** What the cell says; only the question itself is its thread's work. */
  private <T> T asked(Function<CellView, T> question) {
    try {
      return TaskQueries.look(inbox, question)
          .toCompletableFuture()
          .get(LOOK_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (TimeoutException e) {
      throw new ReplayRefusal(
          Reason.REPLAY_BUSY,
          "cell: silent for %d s (expected: its fleet)".formatted(LOOK_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplayStopped();
    }
  }

  /** The policy at the start, then those that were set before the end. */
  private List<PolicyStep> steps(ReplayQuestion question) {
    List<PolicyStep> steps = new ArrayList<>();
    Instant since = question.since();
    for (PolicyVersion version : policies.below(Integer.MAX_VALUE, MOST_POLICIES)) {
      if (!version.created().isAfter(since)) {
        steps.addFirst(new PolicyStep(since, version.policy()));
        return steps;
      }
      if (version.created().isBefore(question.until())) {
        steps.addFirst(new PolicyStep(version.created(), version.policy()));
      }
    }
    steps.addFirst(new PolicyStep(since, configured.placement()));
    return steps;
  }

  private static ReplayRefusal noRecords(ReplayQuestion question, String expected) {
    return new ReplayRefusal(
        Reason.REPLAY_NO_RECORDS,
        "since..until: %s..%s (expected: %s)"
            .formatted(question.since(), question.until(), expected));
  }
}
