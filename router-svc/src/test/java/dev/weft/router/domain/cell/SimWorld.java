package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.FakeCell;
import dev.weft.router.app.FakeCellJournal;
import dev.weft.router.app.JournalException;
import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Machine;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.Skills;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A cell, its journal, its workers and its users on one virtual clock, with faults. */
final class SimWorld {

  static final long STEP = SimWorker.SECOND / 20;
  private static final Instant EPOCH = Instant.parse("2026-03-01T00:00:00Z");

  private final Random random;
  private final CellSettings settings;
  private final Policies policies;
  private long nanos = SimWorker.SECOND;
  final FakeCell store = new FakeCell(() -> EPOCH.plusNanos(nanos));
  private final FakeCellJournal journal = new FakeCellJournal(store);
  final SimClients clients;
  final SimBudgets budgets = new SimBudgets(EPOCH);
  final Set<TaskId> executed = new HashSet<>();
  final List<SimWorker> workers = new ArrayList<>();
  private @Nullable Cell cell;
  private @Nullable GroupCommit inFlight;
  private boolean tried;
  private long commitAt;
  private long nextTick;
  private long databaseBackAt;
  private long takeoverAt;
  int takeovers;
  int commits;

  SimWorld(long seed) {
    this(seed, 0);
  }

  /**
   * @param fleet how many workers there are; 0 for a few, as the seed says
   */
  SimWorld(long seed, int fleet) {
    this.random = new Random(seed);
    this.policies = Simulation.policies(seed);
    this.settings =
        new CellSettings(
            CellSettings.Leases.STANDARD,
            new CellSettings.Bounds(
                10_000, 200, 8 + random.nextInt(60), random.nextInt(2) * 4_000L),
            CellSettings.Rhythm.STANDARD);
    this.clients = new SimClients(random, store);
    int count = fleet == 0 ? 2 + random.nextInt(4) : fleet;
    for (int i = 0; i < count; i++) {
      workers.add(new SimWorker(i, 1 + random.nextInt(6), random, executed));
    }
    takeOver();
  }

  long now() {
    return nanos;
  }

  /** One step of time; with faults or without. */
  void step(boolean faults) {
    nanos += STEP;
    if (faults) {
      faults();
    }
    if (cell == null || databaseBackAt != 0) {
      budgets.blind(nanos - STEP, nanos + SimWorker.SECOND);
    }
    if (cell == null && nanos >= takeoverAt) {
      takeOver();
    }
    for (SimWorker worker : workers) {
      worker.step(nanos);
      deliver(worker, faults);
    }
    Cell current = cell;
    if (current == null) {
      return;
    }
    current.now(nanos);
    if (faults) {
      clients.step(current, nanos, EPOCH.plusNanos(nanos).toEpochMilli());
    } else if (random.nextInt(20) == 0) {
      clients.sendAllAgain(current, nanos);
    }
    if (nanos >= nextTick) {
      nextTick = nanos + 2 * STEP;
      current.tick();
    }
    commit(current);
    release(current.immediate(), null);
  }

  private void faults() {
    int what = random.nextInt(1_000);
    SimWorker worker = workers.get(random.nextInt(workers.size()));
    if (what < 6) {
      gone(worker, true);
    } else if (what < 14) {
      gone(worker, false);
    } else if (what < 17) {
      worker.mutedUntil = nanos + (long) (random.nextDouble() * 15 * SimWorker.SECOND);
    } else if (what < 20 && cell != null) {
      fail();
    } else if (what < 24 && databaseBackAt == 0) {
      databaseBackAt = nanos + (long) (random.nextDouble() * 15 * SimWorker.SECOND);
      journal.mode(FakeCellJournal.Mode.AWAY);
    } else if (what < 31 && databaseBackAt == 0) {
      journal.mode(FakeCellJournal.Mode.REPLY_LOST);
      budgets.blind(nanos, nanos + SimWorker.SECOND);
    } else if (what < 33 && databaseBackAt == 0) {
      long before = nanos;
      nanos += (long) (random.nextDouble() * 20 * SimWorker.SECOND);
      budgets.blind(before, nanos + SimWorker.SECOND);
    }
    if (databaseBackAt != 0 && nanos >= databaseBackAt) {
      wellAgain();
    }
  }

  void wellAgain() {
    databaseBackAt = 0;
    journal.mode(FakeCellJournal.Mode.WELL);
  }

  /** The placer dies, perhaps with a commit that reaches the database all the same. */
  private void fail() {
    Cell dying = cell;
    if (dying == null) {
      return;
    }
    long old = dying.epoch();
    GroupCommit zombie = inFlight;
    if (zombie != null && random.nextBoolean() && databaseBackAt == 0) {
      journal.mode(FakeCellJournal.Mode.WELL);
      journal.commit(old, zombie);
    }
    cell = null;
    inFlight = null;
    takeovers++;
    takeoverAt = nanos + (long) ((0.5 + random.nextDouble() * 3) * SimWorker.SECOND);
    workers.forEach(SimWorker::drop);
    if (zombie != null && databaseBackAt == 0) {
      store.raiseEpoch();
      try {
        journal.commit(old, zombie);
        throw new AssertionError("an old epoch has written");
      } catch (JournalException.EpochLost expected) {
        assertThat(expected).hasMessageContaining("epoch");
      }
    }
  }

  private void takeOver() {
    if (databaseBackAt != 0) {
      return;
    }
    journal.mode(FakeCellJournal.Mode.WELL);
    long epoch = store.raiseEpoch();
    CellLoader loader = new CellLoader(settings, policies, epoch, random, nanos);
    workers.forEach(worker -> store.price(view(worker)));
    journal.loadOpen(epoch, loader);
    Cell next = loader.cell(nanos);
    for (SimWorker worker : workers) {
      next.show(view(worker), 1);
    }
    cell = next;
    tried = false;
  }

  private static WorkerView view(SimWorker worker) {
    long number = worker.id.uuid().getLeastSignificantBits();
    return new WorkerView(
        worker.id,
        "worker-" + number,
        Verdict.READY,
        new Skills(
            number % 2 == 0
                ? Map.of("CODING", 900, "SHELL_OPERATIONS", 400)
                : Map.of("SHELL_OPERATIONS", 800),
            Set.of("shell"),
            Map.of(),
            Set.of()),
        new Machine(0, Resources.NONE, new Isolation(SandboxLevel.BUBBLEWRAP, false)),
        new Site(number == 0 ? "eu" : "us", (int) number * 40, SimBudgets.price(worker.id), "USD"));
  }

  private void gone(SimWorker worker, boolean crash) {
    SimWorker.Link link = worker.link;
    if (crash) {
      worker.crash();
    } else {
      worker.drop();
    }
    if (cell != null && link != null && random.nextInt(10) != 0) {
      cell.gone(worker.id, link);
    }
  }

  private void deliver(SimWorker worker, boolean faults) {
    Cell current = cell;
    if (current == null) {
      return;
    }
    current.now(nanos);
    if (!worker.connected()) {
      if (random.nextInt(faults ? 30 : 5) == 0) {
        SimWorker.Link link = worker.connect(nanos);
        link.now = nanos;
        current.hello(link, worker.hello(0));
      }
      return;
    }
    SimWorker.Link link = worker.link;
    if (link == null || nanos < worker.mutedUntil || random.nextInt(10) >= 7) {
      return;
    }
    for (SimWorker.Up up = worker.up.poll(); up != null; up = worker.up.poll()) {
      if (up.held() != null) {
        current.renewal(worker.id, link, up.number(), up.held());
      } else if (up.started() != null) {
        current.started(worker.id, up.started());
      } else if (up.report() != null) {
        current.report(worker.id, link, up.report());
      }
    }
    for (AttemptKey key : link.rejected) {
      current.rejected(worker.id, key, "full");
    }
    link.rejected.clear();
  }

  private void commit(Cell current) {
    if (inFlight == null) {
      inFlight = current.seal().orElse(null);
      if (inFlight == null) {
        return;
      }
      tried = false;
      commitAt = nanos + random.nextInt(4) * STEP;
      new SimOrder(current).check(settings.bounds().batchRows(), inFlight);
    }
    if (nanos < commitAt) {
      return;
    }
    try {
      CommitReceipt receipt = journal.commit(current.epoch(), inFlight);
      commits++;
      inFlight = null;
      current.databaseAway(false);
      Release release = current.committed(receipt, !tried);
      release(release.effects(), release);
    } catch (JournalException.Unavailable e) {
      tried = true;
      current.databaseAway(true);
      commitAt = nanos + 4 * STEP;
    }
  }

  private void release(List<Effect> effects, @Nullable Release release) {
    workers.forEach(
        worker -> {
          if (worker.link != null) {
            worker.link.now = nanos;
          }
        });
    for (Effect effect : effects) {
      EffectCalls.call(effect, release == null ? 0 : release.commit(), EPOCH.plusNanos(nanos));
    }
  }

  /** Nothing is on its way to the journal. */
  boolean settled() {
    Cell current = cell;
    return current != null && inFlight == null && current.core().draft.nothingToWrite();
  }

  @Nullable Cell cell() {
    return cell;
  }
}
