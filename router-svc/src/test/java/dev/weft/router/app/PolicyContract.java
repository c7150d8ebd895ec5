package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Weights;
import dev.weft.router.domain.task.PriorityClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store of policies keeps. */
public abstract class PolicyContract {

  private static final Weights LOAD = new Weights(0.1, 0.6, 0.2, 0.1);
  private static final PolicyNote NOTE = new PolicyNote("acme/ops", "less waiting", "");

  private CellFixture cell;
  private PolicyBook book;
  private long epoch;

  protected abstract CellFixture emptyCell() throws Exception;

  @BeforeEach
  void open() throws Exception {
    cell = emptyCell();
    book = cell.policies();
    epoch = cell.raiseEpoch();
  }

  @Test
  void aFreshCellHasNone() {
    assertThat(book.newest()).isEmpty();
    assertThat(book.version(1)).isEmpty();
    assertThat(book.below(Integer.MAX_VALUE, 10)).isEmpty();
  }

  @Test
  void whatIsSetIsReadAsItWasSet() {
    AlgorithmTable table =
        AlgorithmTable.STANDARD.with(
            "rules", List.of("shell=RESOURCE_BASED", "shell/P3=ROUND_ROBIN", "llm=COMPOSITE"));
    PlacementPolicy policy =
        new PlacementPolicy(1, Map.of(PriorityClass.P3, LOAD, PriorityClass.P6, third()), table);

    PolicyVersion stored = book.append(epoch, policy, NOTE);

    assertThat(stored.policy()).isEqualTo(policy);
    assertThat(stored.note()).isEqualTo(NOTE);
    assertThat(book.newest()).contains(stored);
    assertThat(book.version(1)).contains(stored);
    assertThat(book.version(2)).isEmpty();
  }

  @Test
  void versionsAreListedNewestFirst() {
    for (int version = 1; version <= 12; version++) {
      book.append(epoch, policy(version), NOTE);
    }
    assertThat(book.below(Integer.MAX_VALUE, 3))
        .extracting(one -> one.policy().version())
        .containsExactly(12, 11, 10);
    assertThat(book.below(3, 9)).extracting(one -> one.policy().version()).containsExactly(2, 1);
  }

  @Test
  void whoFollowsAnOldVersionIsToldTheOneInForce() {
    book.append(epoch, policy(1), NOTE);
    book.append(epoch, policy(2), NOTE);

    for (int stale : List.of(1, 2, 9)) {
      assertThatThrownBy(() -> book.append(epoch, policy(stale), NOTE))
          .isInstanceOfSatisfying(
              PolicyBook.Changed.class,
              changed -> {
                assertThat(changed.expected()).isEqualTo(stale - 1);
                assertThat(changed.current()).isEqualTo(2);
              });
    }
    assertThat(book.newest().orElseThrow().policy().version()).isEqualTo(2);
  }

  @Test
  void ofManyAtOnceOneWins() throws Exception {
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      for (int version = 1; version <= 5; version++) {
        PlacementPolicy next = policy(version);
        List<Callable<PolicyVersion>> racers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          PolicyNote note = new PolicyNote("acme/ops", "racer " + i, "");
          racers.add(() -> book.append(epoch, next, note));
        }
        List<PolicyVersion> won = new ArrayList<>();
        for (Future<PolicyVersion> racer : callers.invokeAll(racers)) {
          if (racer.state() == Future.State.SUCCESS) {
            won.add(racer.resultNow());
          } else {
            assertThat(racer.exceptionNow()).isInstanceOf(PolicyBook.Changed.class);
          }
        }
        assertThat(won).hasSize(1);
        assertThat(book.newest()).contains(won.getFirst());
      }
    }
  }

  @Test
  void aRepeatedCallGivesWhatTheFirstMade() {
    PolicyNote keyed = new PolicyNote("acme/ops", "once", "key-1");
    PolicyVersion first = book.append(epoch, policy(1), keyed);
    book.append(epoch, policy(2), NOTE);

    assertThat(book.append(epoch, policy(1), keyed)).isEqualTo(first);
    assertThatThrownBy(() -> book.append(epoch, policy(3), keyed))
        .isInstanceOf(PolicyBook.KeyReused.class);
    PolicyNote somebodys = new PolicyNote("other/ops", "once", "key-1");
    assertThat(book.append(epoch, policy(3), somebodys).policy().version()).isEqualTo(3);
  }

  @Test
  void whoLostTheCellSetsNothing() {
    long lost = epoch;
    epoch = cell.raiseEpoch();

    assertThatThrownBy(() -> book.append(lost, policy(1), NOTE))
        .isInstanceOf(JournalException.EpochLost.class);
    assertThat(book.newest()).isEmpty();
    assertThat(book.append(epoch, policy(1), NOTE).policy().version()).isEqualTo(1);
  }

  private static PlacementPolicy policy(int version) {
    return new PlacementPolicy(version, Map.of(PriorityClass.P3, LOAD), AlgorithmTable.STANDARD);
  }

  /** Weights that no short decimal names. */
  private static Weights third() {
    return new Weights(1.0 / 3, 1.0 / 3, 1.0 / 3, 0);
  }
}
