package dev.weft.router.domain.cell;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.router.app.CellReader.RequestKey;
import dev.weft.router.app.FakeCell;
import dev.weft.router.app.FakeCellReader;
import dev.weft.router.app.KnownKey;
import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.placement.CapabilityNeed;
import dev.weft.router.domain.placement.Destination;
import dev.weft.router.domain.placement.LlmNeed;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.Urgency;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** The users of the simulation: they submit, submit again when nobody answers, and cancel. */
final class SimClients {

  private static final List<String> TENANTS = List.of("acme", "umbrella");

  private final Random random;
  private final FakeCell store;
  private final FakeCellReader reader;
  private final List<Pending> pending = new ArrayList<>();
  final List<TaskId> known = new ArrayList<>();
  final Set<TaskId> acked = new HashSet<>();
  final Set<TaskId> cancelAcked = new HashSet<>();
  final Map<TaskId, TaskState> stateAtCancelAck = new HashMap<>();
  final Map<RequestKey, TaskId> ackedKeys = new HashMap<>();
  private int keys;

  SimClients(Random random, FakeCell store) {
    this.random = random;
    this.store = store;
    this.reader = new FakeCellReader(store);
  }

  void step(Cell cell, long nanos, long databaseMillis) {
    if (random.nextInt(3) == 0) {
      for (int left = random.nextInt(4); left >= 0; left--) {
        submit(cell, task(databaseMillis), nanos);
      }
    }
    if (!pending.isEmpty() && random.nextInt(4) == 0) {
      again(cell, pending.remove(random.nextInt(pending.size())), nanos);
    }
    if (!known.isEmpty() && random.nextInt(12) == 0) {
      cancel(cell, known.get(random.nextInt(known.size())));
    }
  }

  /** What was sent without an answer is sent again, as a client with a deadline would. */
  void sendAllAgain(Cell cell, long nanos) {
    for (Pending one : List.copyOf(pending)) {
      pending.remove(one);
      again(cell, one, nanos);
    }
  }

  private Pending task(long databaseMillis) {
    TaskId id =
        new TaskId((databaseMillis << 16) | 0x7000 | random.nextInt(0xfff), random.nextLong());
    String tenant = TENANTS.get(random.nextInt(2));
    String key = random.nextInt(4) == 0 ? "key-" + (keys - random.nextInt(2)) : "";
    keys += key.isEmpty() ? 0 : 1;
    Requirements need =
        new Requirements(
            "shell",
            random.nextInt(3) == 0 ? List.of(new CapabilityNeed("CODING", 500)) : List.of(),
            new Destination("", random.nextInt(6) == 0 ? "eu" : "", budget(id), Optional.empty()),
            LlmNeed.NONE,
            0,
            new Isolation(SandboxLevel.BUBBLEWRAP, false),
            new Resources(1_000, 0, 0, 0));
    RetryTerms retry =
        new RetryTerms(
            random.nextInt(4),
            random.nextInt(5) != 0,
            random.nextInt(3) == 0,
            200 * (1 + random.nextInt(3)),
            2_000);
    long expiry = random.nextInt(3) == 0 ? 1_000 + random.nextInt(15_000) : 0;
    long delay = random.nextInt(10) == 0 ? random.nextInt(5_000) : 0;
    // Drawn from the id, so that histories of earlier seeds stay as they were.
    long user = (id.low() >>> 8) % 12;
    String affinity = user < 4 ? "user-" + user : "";
    Submission.Terms terms =
        new Submission.Terms(
            new Urgency(PriorityClass.of(random.nextInt(7)), random.nextInt(4) * 1_000L),
            need,
            retry,
            Affinity.of(tenant, affinity),
            delay,
            expiry);
    SpecRow spec =
        new SpecRow(
            Document.of(new byte[] {2}), "me", key, Document.of(key.getBytes(UTF_8)), "00-trace");
    return new Pending(id, tenant, terms, spec);
  }

  /** Drawn from the id, too. */
  private static Budget budget(TaskId id) {
    long drawn = id.low() >>> 24;
    return drawn % 6 == 0 ? new Budget((1 + drawn / 6 % 8) * 300, "USD") : Budget.NONE;
  }

  private void submit(Cell cell, Pending one, long nanos) {
    String key = one.spec.requestId();
    long lookedUp = Long.MAX_VALUE;
    if (!key.isEmpty()) {
      RequestKey request = new RequestKey(one.tenant, key);
      KnownKey first = reader.keys(Set.of(request)).toCompletableFuture().join().get(request);
      if (first != null) {
        ackKey(request, first.task());
        return;
      }
      lookedUp = nanos;
    }
    send(cell, one, lookedUp);
  }

  private void again(Cell cell, Pending one, long nanos) {
    if (store.tasks().containsKey(one.id)) {
      acked.add(one.id);
      return;
    }
    String key = one.spec.requestId();
    if (!key.isEmpty()) {
      submit(cell, one, nanos);
    } else {
      send(cell, one, nanos);
    }
  }

  private void ackKey(RequestKey key, TaskId first) {
    TaskId other = ackedKeys.putIfAbsent(key, first);
    if (other != null && !other.equals(first)) {
      throw new AssertionError("two tasks under " + key + ": " + other + ", " + first);
    }
    acked.add(first);
  }

  private void send(Cell cell, Pending one, long lookedUp) {
    pending.add(one);
    known.add(one.id);
    cell.submit(
        new Submission(one.id, one.tenant, one.terms, one.spec, lookedUp),
        0,
        new SubmitReply() {
          @Override
          public void accepted(int item, AdmittedTask task, long commit, Instant time) {
            done(one.id);
          }

          @Override
          public void existing(int item, TaskId first) {
            done(first);
          }

          private void done(TaskId first) {
            pending.remove(one);
            acked.add(first);
            if (!one.spec.requestId().isEmpty()) {
              ackKey(new RequestKey(one.tenant, one.spec.requestId()), first);
            }
          }

          @Override
          public void denied(int item, Denial reason) {
            if (reason.reason() == Denial.Reason.OVERLOADED) {
              pending.remove(one);
            } else if (reason.reason() != Denial.Reason.CELL_UNAVAILABLE) {
              throw new AssertionError("denied: " + reason);
            }
          }
        });
  }

  private void cancel(Cell cell, TaskId id) {
    FakeCell.Row row = store.tasks().get(id);
    String tenant = row == null ? TENANTS.getFirst() : row.origin.tenant();
    cell.cancel(
        tenant,
        id,
        new SettledReply() {
          @Override
          public void settled() {
            FakeCell.Row then = store.tasks().get(id);
            if (then != null && then.origin.tenant().equals(tenant)) {
              if (!then.progress.state().terminal()
                  && then.progress.state() != TaskState.CANCELLING) {
                // it was admitted after the cell had looked for it: as the shell does, ask again
                cancel(cell, id);
                return;
              }
              cancelAcked.add(id);
              stateAtCancelAck.putIfAbsent(id, then.progress.state());
            }
          }

          @Override
          public void denied(Denial reason) {}
        });
  }

  private record Pending(TaskId id, String tenant, Submission.Terms terms, SpecRow spec) {}
}
