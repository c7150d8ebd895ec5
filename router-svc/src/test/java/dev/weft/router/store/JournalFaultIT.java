package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.parts.PostgresProcess;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.platform.time.Ticker;
import dev.weft.router.app.BatchDraft;
import dev.weft.router.app.JournalException;
import dev.weft.router.app.LoadedRows;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.task.TaskId;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The journal while sessions, replies and the server go away. */
@WithPostgres
class JournalFaultIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String SESSIONS =
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
          + " WHERE application_name = 'tapped'";

  private final PostgresProcess postgres;
  private final StoreDatabase direct;
  private final BatchDraft.Memory memory = new BatchDraft.Memory();
  private WireTap tap;
  private PgCellJournal journal;
  private long epoch;

  JournalFaultIT(ScratchDatabase scratch) {
    postgres = scratch.server();
    direct = new StoreDatabase(scratch);
  }

  @BeforeEach
  void open() throws SQLException, IOException {
    direct.emptied();
    tap = new WireTap(direct.database().port());
    LeaseDatabase at = direct.database();
    LeaseDatabase tapped =
        new LeaseDatabase(
            at.host(), tap.port(), at.name(), at.user(), at.password(), at.schema(), "tapped");
    journal = new PgCellJournal(tapped, StoreDatabase.CELL, StoreDatabase.ROLE, Ticker.system());
    epoch = direct.raiseEpoch();
    journal.loadOpen(epoch, new LoadedRows());
    commit(admit());
  }

  @AfterEach
  void close() {
    journal.close();
    tap.close();
    direct.close();
  }

  @Test
  void lostReplyOfACommitIsAskedForAndGivenOnce() throws SQLException {
    GroupCommit batch = admit();
    tap.next(WireTap.Fault.LOSE_REPLY);

    assertThatThrownBy(() -> journal.commit(epoch, batch))
        .isInstanceOf(JournalException.Unavailable.class);
    CommitReceipt receipt = journal.commit(epoch, batch);

    assertThat(receipt.number()).isEqualTo(2);
    assertThat(direct.number("SELECT count(*) FROM task")).isEqualTo(2);
    assertThat(direct.number("SELECT count(*) FROM event_log WHERE commit = 2")).isEqualTo(1);
    assertThat(
            direct.number(
                "SELECT (extract(epoch FROM at) * 1000000)::bigint FROM event_log WHERE commit = 2"))
        .isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, receipt.commitTime()));
  }

  @Test
  void transactionThatHangsHalfSentIsEndedBeforeItsBatchIsWrittenAgain() throws SQLException {
    GroupCommit batch = admit(40);
    tap.next(WireTap.Fault.FREEZE);

    assertThatThrownBy(() -> journal.commit(epoch, batch))
        .isInstanceOf(JournalException.Unavailable.class);
    CommitReceipt receipt = journal.commit(epoch, batch);

    assertThat(receipt.number()).isEqualTo(2);
    assertThat(direct.number("SELECT count(*) FROM task")).isEqualTo(41);
  }

  @Test
  void lostReplyIsNotBelievedUnderAnOldEpoch() throws SQLException {
    GroupCommit batch = admit();
    tap.next(WireTap.Fault.LOSE_REPLY);
    assertThatThrownBy(() -> journal.commit(epoch, batch))
        .isInstanceOf(JournalException.Unavailable.class);
    direct.raiseEpoch();

    assertThatThrownBy(() -> journal.commit(epoch, batch))
        .isInstanceOf(JournalException.EpochLost.class);
  }

  @Test
  void sessionsThatAreEndedAllTheTimeLoseAndRepeatNothing() throws Exception {
    Random random = new Random(1);
    Thread killer =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    try {
                      Thread.sleep(random.nextInt(30));
                      direct.number(SESSIONS);
                    } catch (InterruptedException e) {
                      return;
                    } catch (SQLException e) {
                      throw new IllegalStateException(e);
                    }
                  }
                });

    List<CommitReceipt> receipts = commits(80);
    killer.interrupt();
    killer.join();

    verify(receipts, 80);
  }

  @Test
  void crashOfTheServerLosesNothingThatWasAnsweredAndRepeatsNothing() throws Exception {
    Thread crash =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < 2; i++) {
                      Thread.sleep(700);
                      postgres.kill();
                      Thread.sleep(500);
                      postgres.start();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });

    List<CommitReceipt> receipts = new ArrayList<>();
    while (crash.isAlive()) {
      receipts.addAll(commits(20));
    }

    verify(receipts, receipts.size());
  }

  @Test
  void valueThatNoColumnTakesIsAMismatchAndNotTriedForEver() {
    BatchDraft draft = memory.next();
    draft.admit("tenant\0", "");

    assertThatThrownBy(() -> journal.commit(epoch, draft.batch(2)))
        .isInstanceOf(JournalException.Mismatch.class);
  }

  @Test
  void daysThatNobodyMadeAreMadeByTheJournal() throws SQLException {
    for (String table : List.of("task", "task_spec", "event_log", "decision", "result")) {
      direct.execute(
          "DO $$ BEGIN EXECUTE 'DROP TABLE ' || partition_name('"
              + table
              + "', (now() AT TIME ZONE 'UTC')::date); END $$");
    }

    CommitReceipt receipt = journal.commit(epoch, admit());

    assertThat(receipt.number()).isEqualTo(2);
  }

  private List<CommitReceipt> commits(int count) {
    List<CommitReceipt> receipts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      receipts.add(commit(admit()));
    }
    return receipts;
  }

  /** As the placer's committer does. */
  private CommitReceipt commit(GroupCommit batch) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        return journal.commit(epoch, batch);
      } catch (JournalException.Unavailable e) {
        if (System.nanoTime() > end) {
          throw e;
        }
      }
    }
  }

  private void verify(List<CommitReceipt> receipts, int count) throws SQLException {
    long last = 1L + count;
    assertThat(receipts).hasSize(count);
    assertThat(receipts.getLast().number()).isEqualTo(last);
    assertThat(direct.number("SELECT last_commit FROM cell_head")).isEqualTo(last);
    assertThat(direct.number("SELECT count(*) FROM task")).isEqualTo(last);
    assertThat(direct.number("SELECT count(DISTINCT last_commit) FROM task")).isEqualTo(last);
    assertThat(direct.number("SELECT count(*) FROM task_spec")).isEqualTo(last);
    assertThat(direct.number("SELECT count(*) FROM event_log")).isEqualTo(last);
    assertThat(direct.number("SELECT max(commit) FROM event_log")).isEqualTo(last);
  }

  private GroupCommit admit() {
    return admit(1);
  }

  private GroupCommit admit(int count) {
    BatchDraft draft = memory.next();
    List<TaskId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(draft.admit());
    }
    return draft.wantSpec(ids.getFirst()).done();
  }
}
