package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.time.Ticker;
import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.CellLoader;
import dev.weft.router.domain.cell.CellSettings;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Policies;
import dev.weft.router.domain.cell.Release;
import dev.weft.router.domain.cell.Report;
import dev.weft.router.domain.cell.SettledReply;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.cell.SubmitReply;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlacerLoopTest {

  private final Ticker ticker = Ticker.system();
  private final FakeCell store = new FakeCell(Instant::now);
  private final FakeCellJournal journal = new FakeCellJournal(store);
  private final List<Long> refused = new CopyOnWriteArrayList<>();
  private final List<Release> releases = new CopyOnWriteArrayList<>();
  private final Map<TaskId, String> answers = new ConcurrentHashMap<>();
  private final AtomicInteger deaths = new AtomicInteger();
  private final AtomicInteger ids = new AtomicInteger();
  private CrashPoints crashes = CrashPoints.NONE;
  private PlacerLoop loop = loop();

  private PlacerLoop loop() {
    return new PlacerLoop(journal, new Around(), refused::add, ticker, crashes);
  }

  @AfterEach
  void stop() {
    loop.close();
  }

  @Test
  void aSubmitIsAnsweredOnceItIsDurable() {
    hold();
    TaskId id = submit();
    awaitAnswer(id, "accepted");
    assertThat(store.tasks()).containsKey(id);
    await().untilAsserted(() -> assertThat(releases).hasSize(1));
  }

  @Test
  void aReplicaThatDoesNotHoldTheCellSaysWhoDoes() {
    loop.start();
    awaitAnswer(submit(), "NOT_HOLDER there:1");
  }

  @Test
  void aLostReplyIsNoLostTaskAndNoSecondOne() {
    hold();
    journal.mode(FakeCellJournal.Mode.REPLY_LOST);
    TaskId id = submit();
    awaitAnswer(id, "accepted");
    assertThat(store.tasks()).hasSize(1);
    await().untilAsserted(() -> assertThat(loop.awayMillis()).isZero());
  }

  @Test
  void whileTheDatabaseIsAwayNobodyIsToldAnythingAndAfterwardsEverybody() {
    hold();
    journal.mode(FakeCellJournal.Mode.AWAY);
    TaskId id = submit();
    await().untilAsserted(() -> assertThat(loop.awayMillis()).isPositive());
    TaskId later = submit();
    assertThat(answers).isEmpty();
    journal.mode(FakeCellJournal.Mode.WELL);
    awaitAnswer(id, "accepted");
    awaitAnswer(later, "accepted");
  }

  @Test
  void renewalsAreAckedWhileTheDatabaseIsAwayHoweverMuchWaits() {
    hold();
    RecordingLink link = join();
    journal.mode(FakeCellJournal.Mode.AWAY);
    for (int i = 0; i < 2_000; i++) {
      submit();
    }
    await().untilAsserted(() -> assertThat(loop.backlog()).isPositive());
    loop.tellNow(cell -> cell.renewal(link.worker, link, 7, List.of()), denial -> {});
    await().untilAsserted(() -> assertThat(link.renewals).contains(7L));
    assertThat(answers).isEmpty();
  }

  @Test
  void anotherHolderVoidsEverythingThisOneRemembers() {
    hold();
    RecordingLink link = join();
    store.raiseEpoch();
    TaskId id = submit();
    awaitAnswer(id, "CELL_UNAVAILABLE null");
    awaitAnswer(submit(), "NOT_HOLDER there:1");
    assertThat(store.tasks()).isEmpty();
    assertThat(link.closed)
        .singleElement()
        .extracting(Denial::reason)
        .isEqualTo(Denial.Reason.NOT_HOLDER);
    assertThat(refused).containsExactly(1L);
    assertThat(loop.holding()).isFalse();
    assertThat(loop.figures()).isEmpty();
  }

  @Test
  void memoryThatContradictsTheRowsIsGivenUpAndLoadedAnew() {
    hold();
    TaskId id = submit();
    awaitAnswer(id, "accepted");
    store.tasks().get(id).lastCommit = 99;
    loop.tell(cell -> cell.cancel("acme", id, new NoReply()), denial -> {});
    await().untilAsserted(() -> assertThat(refused).containsExactly(1L));
    acquire();
    awaitAnswer(submit(), "accepted");
  }

  @Test
  void theNextHolderTakesUpWhatWaits() {
    hold();
    TaskId id = submit();
    awaitAnswer(id, "accepted");
    loop.lost();
    acquire();
    RecordingLink link = join();
    await().untilAsserted(() -> assertThat(link.assigned).hasSize(1));
    assertThat(link.assigned.getFirst().task()).isEqualTo(id);
  }

  @Test
  void aStopFlushesTheCommitInFlightAndDeniesTheRest() {
    hold();
    for (int i = 0; i < 3_000; i++) {
      submit();
    }
    loop.close();
    assertThat(answers).hasSize(3_000);
    answers.forEach(
        (id, answer) -> {
          if (answer.equals("accepted")) {
            assertThat(store.tasks()).containsKey(id);
          }
        });
  }

  @Test
  void eachCrashPointIsMetWhereItsNameSays() {
    crash("BEFORE_COMMIT");
    awaitDeath(this::submit);
    crash("AFTER_COMMIT_BEFORE_ACK:2");
    submit();
    awaitDeath(this::submitLater);
    crash("AFTER_LEASE_COMMIT_BEFORE_PUSH");
    awaitDeath(
        () -> {
          join();
          submit();
        });
    crash("AFTER_RESULT_COMMIT_BEFORE_ACK");
    awaitDeath(
        () -> {
          RecordingLink link = join();
          submit();
          await().untilAsserted(() -> assertThat(link.assigned).isNotEmpty());
          Report report =
              new Report(link.assigned.getFirst(), Report.Outcome.SUCCEEDED, null, null);
          loop.tell(cell -> cell.report(link.worker, link, report), denial -> {});
        });
    assertThat(store.tasks().values()).anyMatch(row -> row.progress.state() == TaskState.SUCCEEDED);
  }

  private void submitLater() {
    await().untilAsserted(() -> assertThat(answers).isNotEmpty());
    submit();
  }

  private void crash(String where) {
    loop.close();
    answers.clear();
    deaths.set(0);
    crashes = CrashPoints.parse(where, deaths::incrementAndGet);
    loop = loop();
    loop.start();
    acquire();
  }

  private void awaitDeath(Runnable action) {
    action.run();
    await().untilAsserted(() -> assertThat(deaths).hasValue(1));
  }

  private void hold() {
    loop.start();
    acquire();
  }

  /** Until it holds, an input may still be denied. */
  private void acquire() {
    loop.acquired(store.raiseEpoch());
    await().untilAsserted(() -> assertThat(loop.holding()).isTrue());
  }

  private RecordingLink join() {
    RecordingLink link = new RecordingLink(Workers.id(1));
    loop.tellNow(
        cell -> {
          cell.show(Workers.view(1), 1);
          cell.hello(link, link.hello());
        },
        denial -> {});
    await().untilAsserted(() -> assertThat(link.welcomes).isNotEmpty());
    return link;
  }

  private TaskId submit() {
    TaskId id = new TaskId((System.currentTimeMillis() << 16) | 0x7000, ids.incrementAndGet());
    SpecRow spec = new SpecRow(Document.EMPTY, "me", "", Document.EMPTY, "");
    Submission.Terms terms =
        new Submission.Terms(PriorityClass.P2, Workers.ANY_SHELL, RetryTerms.DEFAULT, 0, 0);
    Submission submission = new Submission(id, "acme", terms, spec, Long.MAX_VALUE);
    loop.tell(
        cell -> cell.submit(submission, 0, new Reply(id)),
        denial -> new Reply(id).denied(0, denial));
    return id;
  }

  private void awaitAnswer(TaskId id, String answer) {
    await().untilAsserted(() -> assertThat(answers).containsEntry(id, answer));
  }

  private final class Reply implements SubmitReply {
    private final TaskId id;

    Reply(TaskId id) {
      this.id = id;
    }

    @Override
    public void accepted(int item, AdmittedTask task, long commit, Instant commitTime) {
      answers.put(id, "accepted");
    }

    @Override
    public void existing(int item, TaskId first) {
      answers.put(id, "existing");
    }

    @Override
    public void denied(int item, Denial reason) {
      answers.put(id, reason.reason() + " " + reason.metadata().get("address"));
    }
  }

  private final class Around implements Surroundings {
    @Override
    public CellLoader loader(long epoch) {
      return new CellLoader(
          CellSettings.STANDARD, Policies.STANDARD, epoch, new SplittableRandom(1), ticker.nanos());
    }

    @Override
    public void prepare(Cell cell) {}

    @Override
    public void released(Release release) {
      releases.add(release);
    }

    @Override
    public void dropped(Denial reason) {}

    @Override
    public Denial notHolder() {
      return new Denial(Denial.Reason.NOT_HOLDER, "not here", Map.of("address", "there:1"));
    }
  }

  /** Nobody listens. */
  private static final class NoReply implements SettledReply {
    @Override
    public void settled() {}

    @Override
    public void denied(Denial reason) {}
  }
}
