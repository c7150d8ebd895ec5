package dev.weft.router.domain.cell;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.router.app.FakeCell;
import dev.weft.router.app.FakeCellJournal;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.FileHolders;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A cell over a journal in memory, driven by hand: time passes and commits happen when told. */
final class CellFixture {

  static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  final CellSettings settings;
  private FileHolders holders = FileHolders.NONE;
  private String user = "";
  private final Policies policies;
  private long nanos = 1_000_000_000L;
  final FakeCell store = new FakeCell(() -> START.plusNanos(nanos));
  final FakeCellJournal journal = new FakeCellJournal(store);
  final Map<TaskId, String> answers = new LinkedHashMap<>();
  final Map<TaskId, Denial> denials = new LinkedHashMap<>();
  final List<GroupCommit> commits = new ArrayList<>();
  Cell cell;
  private int ids;

  CellFixture() {
    this(CellSettings.STANDARD);
  }

  CellFixture(CellSettings settings) {
    this(settings, OrderPolicy.STANDARD);
  }

  CellFixture(OrderPolicy order) {
    this(CellSettings.STANDARD, order);
  }

  CellFixture(AlgorithmTable algorithms) {
    this(CellSettings.STANDARD, algorithms, OrderPolicy.STANDARD);
  }

  private CellFixture(CellSettings settings, OrderPolicy order) {
    this(settings, AlgorithmTable.STANDARD, order);
  }

  private CellFixture(CellSettings settings, AlgorithmTable algorithms, OrderPolicy order) {
    this(settings, Policies.of(PlacementPolicy.configured(algorithms), order));
  }

  CellFixture(Policies policies) {
    this(CellSettings.STANDARD, policies);
  }

  private CellFixture(CellSettings settings, Policies policies) {
    this.settings = settings;
    this.policies = policies;
    this.cell = takeOver();
  }

  Cell takeOver() {
    long epoch = store.raiseEpoch();
    CellLoader loader = new CellLoader(settings, policies, epoch, new Random(1), nanos);
    journal.loadOpen(epoch, loader);
    cell = loader.cell(nanos);
    return cell;
  }

  long nanos() {
    return nanos;
  }

  /** Lets time pass in ticks of 100 ms, committing what comes. */
  void pass(Duration time) {
    long until = nanos + time.toNanos();
    while (nanos < until) {
      nanos = Math.min(until, nanos + 100_000_000);
      cell.now(nanos);
      cell.tick();
      commit();
    }
  }

  /** Time passes, and nobody looks. */
  void stall(Duration time) {
    nanos += time.toNanos();
    cell.now(nanos);
    cell.tick();
    commit();
  }

  /** Commits until nothing is left to write, and releases. */
  void commit() {
    for (Optional<GroupCommit> sealed = cell.seal(); sealed.isPresent(); sealed = cell.seal()) {
      write(sealed.get());
    }
    tell(cell.immediate(), 0);
  }

  void write(GroupCommit batch) {
    commits.add(batch);
    CommitReceipt receipt = journal.commit(cell.epoch(), batch);
    Release release = cell.committed(receipt, true);
    tell(release.effects(), release.commit());
    tell(cell.immediate(), 0);
  }

  void tell(List<Effect> effects, long commit) {
    effects.forEach(effect -> EffectCalls.call(effect, commit, START.plusNanos(nanos)));
  }

  TaskId newId() {
    long millis = START.plusNanos(nanos).toEpochMilli();
    return new TaskId((millis << 16) | 0x7000 | (++ids & 0xfff), ids);
  }

  TaskId submit() {
    return submit(terms(PriorityClass.P2, Workers.ANY_SHELL, RetryTerms.DEFAULT));
  }

  TaskId submit(PriorityClass priority) {
    return submit(terms(priority, Workers.ANY_SHELL, RetryTerms.DEFAULT));
  }

  TaskId submit(RetryTerms retry) {
    return submit(terms(PriorityClass.P2, Workers.ANY_SHELL, retry));
  }

  TaskId submit(Submission.Terms terms) {
    return submit(newId(), terms, "", "digest");
  }

  TaskId submit(String tenant, Submission.Terms terms) {
    return submit(tenant, newId(), terms, "", "digest");
  }

  TaskId submit(Submission.Terms terms, FileHolders having) {
    holders = having;
    TaskId id = submit(terms);
    holders = FileHolders.NONE;
    return id;
  }

  TaskId submitFor(String whom) {
    user = whom;
    TaskId id = submit();
    user = "";
    return id;
  }

  TaskId submitFor(String whom, Submission.Terms terms) {
    return submitFor(whom, "acme", terms);
  }

  TaskId submitFor(String whom, String tenant, Submission.Terms terms) {
    user = whom;
    TaskId id = submit(tenant, terms);
    user = "";
    return id;
  }

  TaskId submit(TaskId id, Submission.Terms terms, String key, String digest) {
    return submit("acme", id, terms, key, digest);
  }

  private TaskId submit(
      String tenant, TaskId id, Submission.Terms terms, String key, String digest) {
    SpecRow spec =
        new SpecRow(
            Document.of("spec".getBytes(UTF_8)),
            "me",
            key,
            Document.of(digest.getBytes(UTF_8)),
            "00-trace",
            user);
    cell.submit(
        new Submission(id, tenant, terms, spec, Long.MAX_VALUE).heldBy(holders),
        0,
        new SubmitReply() {
          @Override
          public void accepted(int item, AdmittedTask task, long commit, Instant time) {
            answers.put(id, "accepted " + task.row().progress().state());
          }

          @Override
          public void existing(int item, TaskId first) {
            answers.put(id, first.equals(id) ? "existing" : "existing other");
          }

          @Override
          public void denied(int item, Denial reason) {
            answers.put(id, reason.reason().name());
            denials.put(id, reason);
          }
        });
    return id;
  }

  static Submission.Terms terms(PriorityClass priority, Requirements need, RetryTerms retry) {
    return new Submission.Terms(priority, need, retry, 0, 0);
  }

  String cancel(TaskId id) {
    String[] answer = {"none"};
    cell.cancel(
        "acme",
        id,
        new SettledReply() {
          @Override
          public void settled() {
            answer[0] = store.tasks().containsKey(id) ? state(id).name() : "unknown";
          }

          @Override
          public void denied(Denial reason) {
            answer[0] = reason.reason().name();
          }
        });
    commit();
    return answer[0];
  }

  /** Joins a ready worker with so many shell slots. */
  TestLink join(int number, int slots) {
    return join(Workers.view(number), slots);
  }

  TestLink join(WorkerView view, int slots) {
    cell.show(view, 42);
    TestLink link = new TestLink(view.id());
    cell.hello(link, link.hello(1, slots));
    commit();
    return link;
  }

  void succeed(TestLink link, AttemptKey key) {
    report(link, key, Report.Outcome.SUCCEEDED);
  }

  void fail(TestLink link, AttemptKey key) {
    report(link, key, Report.Outcome.FAILED);
  }

  void report(TestLink link, AttemptKey key, Report.Outcome outcome) {
    report(link, key, outcome, "EXIT_NONZERO");
  }

  void fail(TestLink link, AttemptKey key, String reason) {
    report(link, key, Report.Outcome.FAILED, reason);
  }

  private void report(TestLink link, AttemptKey key, Report.Outcome outcome, String reason) {
    Problem problem =
        outcome == Report.Outcome.SUCCEEDED ? null : new Problem(10, reason, "it failed", Map.of());
    cell.report(
        link.worker, link, new Report(key, outcome, Document.of("out".getBytes(UTF_8)), problem));
    commit();
  }

  TaskState state(TaskId id) {
    return store.tasks().get(id).progress.state();
  }

  List<TaskState> history(TaskId id) {
    List<TaskState> states = new ArrayList<>();
    store
        .events()
        .values()
        .forEach(
            row ->
                row.values()
                    .forEach(
                        changes ->
                            changes.stream()
                                .filter(change -> change.task().equals(id))
                                .map(TaskChange::state)
                                .forEach(states::add)));
    return states;
  }
}
