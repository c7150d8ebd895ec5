package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.router.app.BatchDraft;
import dev.weft.router.app.LoadedRows;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A takeover reads the minutes that hold something open, and nothing else. */
@WithPostgres
class TakeoverLoadIT {
  private static final int MINUTES = 20;
  private static final int ENDED_PER_MINUTE = 5_000;
  private static final int OPEN = 300;

  private final StoreDatabase store;
  private long epoch;

  TakeoverLoadIT(ScratchDatabase scratch) {
    store = new StoreDatabase(scratch);
  }

  @BeforeEach
  void fill() throws SQLException {
    store.emptied();
    epoch = store.raiseEpoch();
    store.journal().loadOpen(epoch, new LoadedRows());
    for (int minute = 1; minute <= MINUTES; minute++) {
      insert(minute, ENDED_PER_MINUTE, 5);
    }
    insert(15, OPEN, 1);
    store.journal().close();
    store.awaitNoSession();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void onlyBucketsAndNewerMinutesAreRead() throws SQLException {
    BatchDraft.Memory memory = new BatchDraft.Memory();
    long now = memory.newId().bucket();
    store.journal().commit(epoch, memory.next().buckets(List.of(now - 15), now - 2).done());
    store.journal().close();
    store.awaitNoSession();
    long before = rowsRead();

    LoadedRows loaded = new LoadedRows();
    store.journal().loadOpen(epoch, loaded);
    store.journal().close();
    store.awaitNoSession();

    assertThat(loaded.tasks).hasSize(OPEN);
    // The bucket's minute, and those from two minutes ago on; the clock may have moved on.
    assertThat(rowsRead() - before)
        .isBetween((long) ENDED_PER_MINUTE, 5L * ENDED_PER_MINUTE + OPEN);
  }

  @Test
  void withoutBucketsEverythingIsRead() {
    LoadedRows loaded = new LoadedRows();

    store.journal().loadOpen(epoch, loaded);

    assertThat(loaded.tasks).hasSize(OPEN);
  }

  private void insert(int minutesAgo, int count, int state) throws SQLException {
    store.execute(
        """
        INSERT INTO task (id, seq, retry, not_before, expires, fence, last_commit, updated, shape,
          attempt, result_attempt, state, class, failures, losses, tenant)
        SELECT (lpad(to_hex((floor(extract(epoch FROM now()) / 60) - %d)::bigint * 60000 + n %% 60000),
            12, '0') || '7%03d' || lpad(to_hex(n), 16, '0'))::uuid,
          n, 0, 0, 0, 0, 1, now(), 1, 0, 0, %d, 2, 0, 0, 'ten_a'
        FROM generate_series(1, %d) AS n
        """
            .formatted(minutesAgo, state, state, count));
  }

  private long rowsRead() throws SQLException {
    return store.number(
        "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)"
            + " FROM pg_stat_user_tables WHERE relname ~ '^task_[0-9]'");
  }
}
