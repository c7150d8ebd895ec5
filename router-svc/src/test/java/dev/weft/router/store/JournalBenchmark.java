package dev.weft.router.store;

import dev.weft.parts.junit.ThrowAwayPostgres;
import dev.weft.router.app.LoadedRows;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.CellHead;
import dev.weft.router.domain.journal.ChangedTask;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.PlacementRows;
import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.journal.TaskOrigin;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.journal.TaskResult;
import dev.weft.router.domain.journal.TaskRow;
import dev.weft.router.domain.journal.TaskRows;
import dev.weft.router.domain.journal.TenantDecisions;
import dev.weft.router.domain.journal.TenantEvents;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.Urgency;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * What the journal alone reaches: every commit admits and leases a group (the fast path) and
 * completes the group before. Arguments: group size, tasks in all, payload bytes.
 */
public final class JournalBenchmark {
  private static final String TENANT = "ten_0123456789abcdefghijklmnop";
  private static final WorkerId WORKER = new WorkerId(new UUID(1, 2));

  private final Random random = new Random(1);
  private final byte[] payload;
  private long commit;
  private long seq;
  private List<TaskId> running = List.of();
  private long runningSince;

  private JournalBenchmark(int payloadBytes) {
    payload = new byte[payloadBytes];
    random.nextBytes(payload);
  }

  public static void main(String[] args) throws Exception {
    int group = Integer.parseInt(args[0]);
    int tasks = Integer.parseInt(args[1]);
    int bytes = Integer.parseInt(args[2]);
    try (StoreDatabase store = new StoreDatabase(ThrowAwayPostgres.shared().newDatabase())) {
      long epoch = store.raiseEpoch();
      store.journal().loadOpen(epoch, new LoadedRows());
      JournalBenchmark benchmark = new JournalBenchmark(bytes);
      benchmark.run(store, epoch, group, Math.min(tasks, 40_000), "warm-up");
      benchmark.run(store, epoch, group, tasks, "measured");
    }
  }

  private void run(StoreDatabase store, long epoch, int group, int tasks, String name)
      throws Exception {
    Wal before = Wal.read(store);
    long cpu = cpuNanos(ProcessHandle.current());
    long serverCpu = serverCpuNanos();
    long[] nanos = new long[(tasks + group - 1) / group];
    long start = System.nanoTime();
    for (int i = 0; i < nanos.length; i++) {
      GroupCommit batch = batch(group);
      long from = System.nanoTime();
      store.journal().commit(epoch, batch);
      nanos[i] = System.nanoTime() - from;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long cpuNow = cpuNanos(ProcessHandle.current());
    long serverCpuNow = serverCpuNanos();
    Arrays.sort(nanos);
    Wal after = Wal.read(store);
    System.out.printf(
        "%s group=%d tasks=%d rate=%.0f/s commit p50=%d p99=%d us, cpu us/task client %.1f server %.1f,"
            + " wal %.0f bytes/task, %.3f flushes/commit%n",
        name,
        group,
        tasks,
        nanos.length * (double) group / seconds,
        nanos[nanos.length / 2] / 1000,
        nanos[nanos.length * 99 / 100] / 1000,
        (cpuNow - cpu) / 1e3 / (nanos.length * group),
        (serverCpuNow - serverCpu) / 1e3 / (nanos.length * group),
        (after.bytes - before.bytes) / (double) (nanos.length * group),
        (after.syncs - before.syncs) / (double) nanos.length);
  }

  private static long serverCpuNanos() {
    return ProcessHandle.current().descendants().mapToLong(JournalBenchmark::cpuNanos).sum();
  }

  private static long cpuNanos(ProcessHandle process) {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private GroupCommit batch(int group) {
    long number = ++commit;
    List<AdmittedTask> admitted = new ArrayList<>();
    List<TaskChange> changes = new ArrayList<>();
    List<ChangedTask> changed = new ArrayList<>();
    List<TaskResult> results = new ArrayList<>();
    LeaseRef before = new LeaseRef(1, WORKER, runningSince);
    for (TaskId id : running) {
      TaskProgress done = new TaskProgress(TaskState.SUCCEEDED, 0, 0, 0, before, 1);
      changed.add(new ChangedTask(id, TENANT, runningSince, done));
      changes.add(new TaskChange(id, runningSince, TaskState.SUCCEEDED, 1, WORKER, ""));
      results.add(new TaskResult(id, 1, Document.of(new byte[24])));
    }
    LeaseRef lease = new LeaseRef(1, WORKER, number);
    for (int i = 0; i < group; i++) {
      TaskId id = new TaskId((System.currentTimeMillis() << 16) | 0x7000, random.nextLong());
      TaskOrigin origin =
          new TaskOrigin(
              TENANT,
              Urgency.of(PriorityClass.P2),
              1,
              ++seq,
              RetryTerms.DEFAULT,
              Affinity.NONE,
              id.mintedAtMillis() + 3_600_000);
      TaskProgress leased = new TaskProgress(TaskState.LEASED, 0, 0, 0, lease, 0);
      SpecRow spec = new SpecRow(Document.of(payload), "user", "", Document.of(new byte[32]), "");
      admitted.add(new AdmittedTask(new TaskRow(id, origin, leased), spec));
      changes.add(new TaskChange(id, 0, TaskState.QUEUED, 0, null, ""));
      changes.add(new TaskChange(id, 0, TaskState.LEASED, 1, WORKER, ""));
    }
    running = admitted.stream().map(task -> task.row().id()).toList();
    runningSince = number;
    return new GroupCommit(
        new CellHead(number, seq, number, 1),
        new TaskRows(admitted, changed, List.of(), results, List.of(), List.of(), List.of()),
        List.of(new TenantEvents(TENANT, changes)),
        new PlacementRows(
            List.of(new TenantDecisions(TENANT, Document.of(new byte[60 + 30 * group]))),
            List.of(),
            List.of(),
            List.of(),
            List.of()),
        List.of(),
        null);
  }

  private record Wal(long bytes, long syncs) {
    static Wal read(StoreDatabase store) throws Exception {
      return new Wal(
          store.number("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"),
          store.number("SELECT wal_sync FROM pg_stat_wal"));
    }
  }
}
