package dev.weft.router.domain.cell;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A worker of the simulation: runs what it is told, self-fences, keeps results until acked. */
final class SimWorker {

  static final long SECOND = 1_000_000_000L;

  final WorkerId id;
  final int slots;
  private final Random random;
  private final Set<TaskId> executed;
  private final Map<Long, Run> running = new LinkedHashMap<>();
  private final Map<Long, Report> unacked = new LinkedHashMap<>();
  private final Set<Long> begun = new HashSet<>();

  /** What is on its way up, in order. */
  final Deque<Up> up = new ArrayDeque<>();

  @Nullable Link link;
  long incarnation;

  /** What it says until then arrives later. */
  long mutedUntil;

  private boolean alive = true;
  private long lastAck;
  private long nextRenewal;
  private long renewals;
  private boolean unknownRuns;
  int starts;
  int rejections;

  SimWorker(int number, int slots, Random random, Set<TaskId> executed) {
    this.id = new WorkerId(new UUID(7, number));
    this.slots = slots;
    this.random = random;
    this.executed = executed;
  }

  boolean connected() {
    return link != null;
  }

  int runs() {
    return running.size();
  }

  Link connect(long now) {
    if (!alive) {
      alive = true;
      incarnation++;
    }
    Link next = new Link(this);
    link = next;
    up.clear();
    lastAck = now;
    nextRenewal = now;
    return next;
  }

  Hello hello(long highestEpoch) {
    return new Hello(
        id,
        incarnation,
        running.values().stream().map(run -> run.key).toList(),
        List.copyOf(unacked.values()),
        new Capacity(1, new Resources(slots * 1_000L, 1L << 40, 0, 0), Map.of("shell", slots)),
        highestEpoch,
        false);
  }

  /** SIGKILL. */
  void crash() {
    alive = false;
    running.clear();
    unacked.clear();
    drop();
  }

  void drop() {
    link = null;
    up.clear();
  }

  void step(long now) {
    if (!alive) {
      return;
    }
    if (now - lastAck > 9 * SECOND) {
      for (Run run : List.copyOf(running.values())) {
        end(run, Report.Outcome.PREEMPTED);
      }
    }
    for (Run run : List.copyOf(running.values())) {
      if (!run.told && run.startAt <= now) {
        run.told = true;
        send(new Up(null, run.key, null, 0));
      }
      if (run.endAt <= now) {
        end(run, run.cancelled ? Report.Outcome.CANCELLED : run.outcome);
      }
    }
    if (connected() && now >= nextRenewal) {
      nextRenewal = now + SECOND;
      send(new Up(running.values().stream().map(run -> run.key).toList(), null, null, ++renewals));
    }
  }

  private void end(Run run, Report.Outcome outcome) {
    running.remove(run.key.fence());
    Problem problem =
        outcome == Report.Outcome.SUCCEEDED
            ? null
            : new Problem(10, "EXIT_NONZERO", "exit 1", Map.of());
    Report report = new Report(run.key, outcome, mark(run.key.fence()), problem);
    unacked.put(run.key.fence(), report);
    send(new Up(null, null, report, 0));
    if (random.nextInt(20) == 0) {
      send(new Up(null, null, report, 0));
    }
  }

  /** What an execution leaves behind says under which fence it ran. */
  static Document mark(long fence) {
    return Document.of(Long.toString(fence).getBytes(US_ASCII));
  }

  private void send(Up message) {
    if (link != null) {
      up.add(message);
    }
  }

  void acked(long fence) {
    unacked.remove(fence);
  }

  /** Something that goes up: a renewal, a start or a result. */
  record Up(
      @Nullable List<AttemptKey> held,
      @Nullable AttemptKey started,
      @Nullable Report report,
      long number) {}

  private static final class Run {
    final AttemptKey key;
    final long startAt;
    long endAt;
    final Report.Outcome outcome;
    boolean told;
    boolean cancelled;

    Run(AttemptKey key, long startAt, long endAt, Report.Outcome outcome) {
      this.key = key;
      this.startAt = startAt;
      this.endAt = endAt;
      this.outcome = outcome;
    }
  }

  /** The stream; what comes down takes effect at once, if it is still the worker's. */
  static final class Link implements WorkerLink {
    private final SimWorker worker;
    long now;
    final List<AttemptKey> rejected = new ArrayList<>();

    Link(SimWorker worker) {
      this.worker = worker;
    }

    private boolean mine() {
      return worker.link == this;
    }

    @Override
    public void welcome(Welcome welcome) {
      if (!mine()) {
        return;
      }
      worker.lastAck = now;
      welcome.settled().forEach(key -> worker.acked(key.fence()));
      welcome.kill().forEach(this::cancel);
      worker.unknownRuns = !welcome.kill().isEmpty();
      Set<Long> adopted = new HashSet<>();
      welcome.adopt().forEach(key -> adopted.add(key.fence()));
    }

    @Override
    public void assign(Assignment assignment, StoredSpec spec) {
      if (!mine()) {
        return;
      }
      if (worker.running.size() >= worker.slots) {
        if (!worker.unknownRuns) {
          throw new AssertionError(
              "I7: " + worker.id + " has " + worker.running.size() + " of " + worker.slots);
        }
        worker.rejections++;
        rejected.add(assignment.key());
        return;
      }
      worker.unknownRuns &= worker.running.values().stream().anyMatch(run -> run.cancelled);
      if (!worker.begun.add(assignment.key().fence())) {
        throw new AssertionError("I3: begun twice: " + assignment.key());
      }
      worker.starts++;
      worker.executed.add(assignment.key().task());
      long length = (long) (worker.random.nextDouble() * worker.random.nextDouble() * 6 * SECOND);
      Report.Outcome outcome =
          worker.random.nextInt(10) == 0 ? Report.Outcome.FAILED : Report.Outcome.SUCCEEDED;
      worker.running.put(
          assignment.key().fence(),
          new Run(assignment.key(), now + SECOND / 50, now + length, outcome));
    }

    @Override
    public void cancel(AttemptKey key) {
      Run run = mine() ? worker.running.get(key.fence()) : null;
      if (run != null && !run.cancelled) {
        run.cancelled = true;
        run.endAt = Math.min(run.endAt, now + worker.random.nextInt(5) * SECOND / 10);
      }
    }

    @Override
    public void acknowledge(AttemptKey key) {
      if (mine()) {
        worker.acked(key.fence());
      }
    }

    @Override
    public void renewed(long number) {
      if (mine()) {
        worker.lastAck = now;
      }
    }

    @Override
    public void drain(Duration grace) {}

    @Override
    public void close(Denial reason) {
      if (mine()) {
        worker.drop();
      }
    }
  }
}
