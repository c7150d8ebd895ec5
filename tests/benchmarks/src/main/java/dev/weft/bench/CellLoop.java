package dev.weft.bench;

import dev.weft.router.domain.cell.Assignment;
import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.CellLoader;
import dev.weft.router.domain.cell.CellSettings;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Effect;
import dev.weft.router.domain.cell.Hello;
import dev.weft.router.domain.cell.OrderPolicy;
import dev.weft.router.domain.cell.Policies;
import dev.weft.router.domain.cell.Report;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.cell.SubmitReply;
import dev.weft.router.domain.cell.Welcome;
import dev.weft.router.domain.cell.WorkerLink;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.CellHead;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.placement.Algorithm;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The placer's own part of a task, from its submission to its result, without wire and database: so
 * what a choice costs shows more than it would in a mesh. A hundred tasks come with each commit,
 * run while three more commits pass, and end.
 */
final class CellLoop {

  private static final int BATCH = 100;
  private static final int COMMITS_A_TASK = 4;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Document EMPTY = Document.of(new byte[0]);
  private static final SpecRow SPEC = new SpecRow(EMPTY, "bench", "", EMPTY, "");

  private final Cell cell;
  private final List<List<Running>> running = new ArrayList<>();
  private final Submission.Terms terms =
      new Submission.Terms(PriorityClass.P2, BenchFleet.task(0), RetryTerms.DEFAULT, 0, 0);
  private List<Running> assigned = new ArrayList<>();
  private long ids;
  private long ended;

  private record Running(Link link, AttemptKey key) {}

  CellLoop(Algorithm algorithm, int workers) {
    Policies policies =
        Policies.of(
            PlacementPolicy.configured(DecisionLoop.table(algorithm)), OrderPolicy.STANDARD);
    CellLoader loader =
        new CellLoader(CellSettings.STANDARD, policies, 1, new Random(3), System.nanoTime());
    loader.head(CellHead.ZERO, Instant.now());
    cell = loader.cell(System.nanoTime());
    BenchFleet fleet = new BenchFleet();
    for (int i = 0; i < workers; i++) {
      WorkerView view = fleet.worker(i);
      cell.show(view, 1);
      Link link = new Link(view.id());
      cell.hello(
          link, new Hello(view.id(), 1, List.of(), List.of(), BenchFleet.CAPACITY, 0, false));
      commit();
    }
  }

  /** CPU of the calling thread for each task, in ns. */
  double run(int commits) {
    long before = THREADS.getCurrentThreadCpuTime();
    long first = ended;
    for (int i = 0; i < commits; i++) {
      cell.now(System.nanoTime());
      for (int task = 0; task < BATCH; task++) {
        cell.submit(new Submission(newId(), "bench", terms, SPEC, Long.MAX_VALUE), 0, NOBODY);
      }
      if (running.size() == COMMITS_A_TASK) {
        running.removeFirst().forEach(this::end);
      }
      commit();
      running.add(assigned);
      assigned = new ArrayList<>();
    }
    if (ended == first) {
      throw new BenchFailure("no task ended (expected: " + commits * BATCH + ")");
    }
    return (double) (THREADS.getCurrentThreadCpuTime() - before) / (ended - first);
  }

  private void end(Running one) {
    cell.started(one.link.worker, one.key);
    cell.report(
        one.link.worker, one.link, new Report(one.key, Report.Outcome.SUCCEEDED, EMPTY, null));
    ended++;
  }

  private void commit() {
    for (Optional<GroupCommit> sealed = cell.seal(); sealed.isPresent(); sealed = cell.seal()) {
      CommitReceipt receipt = new CommitReceipt(sealed.get().number(), Instant.now(), List.of());
      for (Effect effect : cell.committed(receipt, true).effects()) {
        if (effect instanceof Effect.Assign(Link link, Assignment assignment, StoredSpec _)) {
          assigned.add(new Running(link, assignment.key()));
        }
      }
    }
    cell.immediate();
  }

  private TaskId newId() {
    ids++;
    return new TaskId((System.currentTimeMillis() << 16) | 0x7000 | (ids & 0xfff), ids);
  }

  private static final SubmitReply NOBODY =
      new SubmitReply() {
        @Override
        public void accepted(int item, AdmittedTask task, long commit, Instant commitTime) {}

        @Override
        public void existing(int item, TaskId first) {}

        @Override
        public void denied(int item, Denial reason) {}
      };

  /** Names a worker; what goes down is taken from the effects. */
  private record Link(WorkerId worker) implements WorkerLink {

    @Override
    public void welcome(Welcome welcome) {}

    @Override
    public void assign(Assignment assignment, StoredSpec spec) {}

    @Override
    public void cancel(AttemptKey key) {}

    @Override
    public void acknowledge(AttemptKey key) {}

    @Override
    public void renewed(long number) {}

    @Override
    public void drain(Duration grace) {}

    @Override
    public void close(Denial reason) {}
  }
}
