package dev.weft.router.domain.replay;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.CellLoader;
import dev.weft.router.domain.cell.CellSettings;
import dev.weft.router.domain.cell.Effect;
import dev.weft.router.domain.cell.Policies;
import dev.weft.router.domain.cell.Release;
import dev.weft.router.domain.journal.CellHead;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.journal.TenantEvents;
import dev.weft.router.domain.task.Document;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The cell itself, on a clock that is moved by hand, with a journal that writes nothing and answers
 * at once. Its workers need not renew: leases end with their worker's stream alone.
 */
final class VirtualCell {

  /** Replays of the same records draw the same lots. */
  private static final long SEED = 1;

  private static final long EPOCH = 1;
  private static final Duration FOR_EVER = Duration.ofDays(3_650);
  private static final CellSettings SETTINGS = settings();

  private final Cell cell;
  private final Instant start;
  private final Consumer<TaskChange> changes;
  private long nanos;

  /**
   * @param changes told of each step of each task
   */
  VirtualCell(Policies policies, Instant start, Consumer<TaskChange> changes) {
    this.start = start;
    this.changes = changes;
    CellLoader loader = new CellLoader(SETTINGS, policies, EPOCH, new Random(SEED), 0);
    loader.head(CellHead.ZERO, start);
    this.cell = loader.cell(0);
  }

  private static CellSettings settings() {
    CellSettings.Leases standard = CellSettings.Leases.STANDARD;
    return new CellSettings(
        new CellSettings.Leases(
            FOR_EVER,
            standard.reconnectGrace(),
            standard.takeoverGrace(),
            FOR_EVER,
            standard.rejectHold(),
            standard.poisonLosses(),
            standard.mostAttempts()),
        CellSettings.Bounds.STANDARD,
        CellSettings.Rhythm.STANDARD);
  }

  Cell at(long now) {
    nanos = now;
    cell.now(now);
    return cell;
  }

  /** Places what can be placed, and lets everything out that this causes. */
  void settle() {
    release(cell.immediate());
    for (Optional<GroupCommit> sealed = cell.seal(); sealed.isPresent(); sealed = cell.seal()) {
      GroupCommit commit = sealed.get();
      List<StoredSpec> specs =
          commit.specsWanted().stream().map(id -> new StoredSpec(id, Document.EMPTY, "")).toList();
      Release release =
          cell.committed(new CommitReceipt(commit.number(), start.plusNanos(nanos), specs), true);
      for (TenantEvents events : release.events()) {
        events.changes().forEach(changes);
      }
      release(release.effects());
      release(cell.immediate());
    }
    release(cell.immediate());
  }

  private void release(List<Effect> effects) {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Assign it -> it.link().assign(it.assignment(), it.spec());
        case Effect.Cancel it -> it.link().cancel(it.key());
        case Effect.SubmitDenied it -> it.reply().denied(it.item(), it.reason());
        case Effect.Existing it -> it.reply().existing(it.item(), it.first());
        case Effect.Accepted _,
            Effect.Settled _,
            Effect.SettledDenied _,
            Effect.DrainState _,
            Effect.DrainDenied _,
            Effect.Greet _,
            Effect.Acknowledge _,
            Effect.Renewed _,
            Effect.Drain _,
            Effect.Close _,
            Effect.Ejected _,
            Effect.Back _ -> {}
      }
    }
  }
}
