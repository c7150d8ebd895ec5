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
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Replays on a thread of its own, beside the placer: one at a time, one of a tenant, for as long as
 * the caller is there and at most {@link #LONGEST}. The cell itself is asked once, for its fleet.
 */
public final class PlacementReplays implements AutoCloseable {

  public static final int MOST_TASKS = 50_000;
  public static final Duration LONGEST = Duration.ofSeconds(20);
  private static final int MOST_WAITING = 8;
  private static final int MOST_POLICIES = 1_000;

  private final CellInbox inbox;
  private final RecordReader records;
  private final PolicyBook policies;
  private final Rules configured;
  private final Ticker ticker;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor thread = oneAtATime();

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
   * hold the cell, with {@link IllegalArgumentException} for a field of the proposal that makes no
   * sense for the records, and with {@link ReplayStopped} once nobody waits any more.
   *
   * @param abandoned whether the caller has gone
   */
  public CompletionStage<ReplayReport> replay(ReplayQuestion question, BooleanSupplier abandoned) {
    return TaskQueries.look(inbox, CellView::present)
        .thenApply(
            present ->
                present.stream()
                    .map(one -> FleetWorker.recorded(one.view(), one.capacity()))
                    .sorted(Comparator.comparing(FleetWorker::id))
                    .toList())
        .thenCompose(present -> queue(question, present, abandoned));
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private CompletionStage<ReplayReport> queue(
      ReplayQuestion question, List<FleetWorker> present, BooleanSupplier abandoned) {
    if (!underWay.add(question.tenant())) {
      return CompletableFuture.failedStage(
          new ReplayRefusal(
              Reason.REPLAY_BUSY,
              "replays of %s: 1 under way (expected: none)".formatted(question.tenant())));
    }
    try {
      return CompletableFuture.supplyAsync(() -> run(question, present, abandoned), thread)
          .whenComplete((_, _) -> underWay.remove(question.tenant()));
    } catch (RejectedExecutionException e) {
      underWay.remove(question.tenant());
      return CompletableFuture.failedStage(
          new ReplayRefusal(
              Reason.REPLAY_BUSY,
              "replays that wait: %d (expected: fewer)".formatted(MOST_WAITING)));
    }
  }

  private ReplayReport run(
      ReplayQuestion question, List<FleetWorker> present, BooleanSupplier abandoned) {
    long until = ticker.nanos() + LONGEST.toNanos();
    BooleanSupplier late = () -> ticker.nanos() - until > 0;
    BooleanSupplier stop =
        () -> abandoned.getAsBoolean() || late.getAsBoolean() || thread.isShutdown();
    try {
      return ReplayReport.of(past(question, present, stop), question.proposal(), stop)
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

  private Past past(ReplayQuestion question, List<FleetWorker> present, BooleanSupplier stop) {
    Records read =
        records.read(question.tenant(), question.since(), question.until(), MOST_TASKS, stop);
    Workload workload = read.workload();
    if (workload.tasks().isEmpty()) {
      throw noRecords(question, "at least one task of yours accepted in it");
    }
    FleetHistory history =
        new FleetHistory(read.fleet()).within(question.since(), question.until());
    boolean asNow = !history.covers(workload);
    FleetHistory fleet = asNow ? FleetHistory.constant(question.since(), present) : history;
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

  private static ThreadPoolExecutor oneAtATime() {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("router-replay").factory());
    one.allowCoreThreadTimeOut(true);
    return one;
  }
}
