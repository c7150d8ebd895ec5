package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.limit.Tier;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store of tiers keeps. */
public abstract class TierContract {

  private CellJournal journal;
  private TierBook tiers;
  private long epoch;

  /** Over an empty cell. */
  protected abstract CellFixture emptyCell() throws Exception;

  @BeforeEach
  void open() throws Exception {
    CellFixture cell = emptyCell();
    journal = cell.journal();
    tiers = cell.tiers();
    epoch = cell.raiseEpoch();
    journal.loadOpen(epoch, new LoadedRows());
  }

  @Test
  void aTakeoverReadsEveryTenantsTierAsItWasSetLast() {
    TenantTier first = new TenantTier("ten_a", Tier.FREE, 1);
    TenantTier second = new TenantTier("ten_a", Tier.ENTERPRISE, TenantTier.MOST_INSTANCES);
    TenantTier other = new TenantTier("ten_b", Tier.BASIC, 3);
    tiers.put(epoch, first, "ops/root");
    tiers.put(epoch, second, "ops/root");
    tiers.put(epoch, other, "ops/root");
    tiers.put(epoch, new TenantTier("ten_gone", Tier.PREMIUM, 1), "ops/root");
    assertThat(tiers.remove(epoch, "ten_gone")).isTrue();
    assertThat(tiers.remove(epoch, "ten_gone")).isFalse();

    LoadedRows loaded = new LoadedRows();
    journal.loadOpen(epoch, loaded);

    assertThat(loaded.tiers).containsExactlyInAnyOrder(second, other);
    assertThat(tiers.of("ten_a")).contains(second);
    assertThat(tiers.of("ten_gone")).isEmpty();
  }

  @Test
  void aTakeoverReadsWhoseTheOpenTasksAreOfTenantsWithATierAlone() {
    BatchDraft.Memory memory = new BatchDraft.Memory();
    BatchDraft draft = memory.next();
    TaskId waiting = draft.admit("ten_a", "");
    TaskId leased = draft.admit(memory.newId(), "ten_a", "", draft.lease(1));
    draft.admit("ten_b", "");
    TaskId ended = draft.admit("ten_a", "");
    journal.commit(epoch, draft.done());
    BatchDraft next = memory.next();
    next.change(ended, new TaskProgress(TaskState.CANCELLED, 0, 0, 0, null, 0));
    journal.commit(epoch, next.done());
    LoadedRows unasked = new LoadedRows();
    journal.loadOpen(epoch, unasked);
    assertThat(unasked.owners).as("without a tier").isEmpty();
    tiers.put(epoch, new TenantTier("ten_a", Tier.BASIC, 1), "ops/root");

    LoadedRows loaded = new LoadedRows();
    journal.loadOpen(epoch, loaded);

    assertThat(loaded.owners).isEqualTo(Map.of(waiting, BatchDraft.USER, leased, BatchDraft.USER));
  }

  @Test
  void aReplicaThatLostTheCellChangesNothing() {
    TenantTier tier = new TenantTier("ten_a", Tier.FREE, 1);
    assertThatThrownBy(() -> tiers.put(epoch - 1, tier, "ops/root"))
        .isInstanceOf(JournalException.EpochLost.class);
    assertThatThrownBy(() -> tiers.remove(epoch - 1, "ten_a"))
        .isInstanceOf(JournalException.EpochLost.class);
    assertThat(tiers.of("ten_a")).isEmpty();
  }
}
