package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.session.LogTurns.Turn;
import dev.weft.gateway.session.LogTurns.UnderWay;
import dev.weft.platform.testing.SettableTicker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogTurnsTest {

  private final Deque<Runnable> later = new ArrayDeque<>();
  private final LogTurns turns = new LogTurns((_, task) -> later.add(task), 30, 10);
  private final List<String> went = new ArrayList<>();
  private final Deque<CompletableFuture<String>> calls = new ArrayDeque<>();
  private final CellInProcess cell = new CellInProcess();
  private final AgentHome home =
      new AgentHome(
          new HomeTerm("acme", "agt_1", 1),
          cell.tools(new SettableTicker()),
          new SessionHub.Limits(1, 1),
          () -> {});

  @AfterEach
  void close() {
    cell.close();
  }

  @Test
  void noMoreIsUnderWayThanThereIsRoomFor() {
    List.of("a", "b", "c", "d").forEach(name -> take(name, 10));
    pass();

    assertThat(went).containsExactly("a", "b", "c");
    assertThat(turns.underWay()).isEqualTo(30);
  }

  @Test
  void whoCameFirstGoesFirst() {
    List.of("a", "b", "c", "d", "e").forEach(name -> take(name, 10));

    endOne();
    take("f", 10);
    assertThat(went).containsExactly("a", "b", "c");
    pass();
    assertThat(went).containsExactly("a", "b", "c", "d");
    endOne();
    endOne();
    pass();

    assertThat(went).containsExactly("a", "b", "c", "d", "e", "f");
  }

  @Test
  void whatATurnDoesNotNeedOthersHave() {
    List.of("a", "b", "c", "d", "e").forEach(name -> take(name, 5));
    pass();

    assertThat(went).containsExactly("a", "b", "c", "d", "e");
    assertThat(turns.underWay()).isEqualTo(25);
  }

  @Test
  void whoGivesRoomBackDoesNotRunTheNextOneWithItsOwnLock() {
    List.of("a", "b", "c", "d").forEach(name -> take(name, 10));

    synchronized (home) {
      endOne();
    }

    assertThat(went).doesNotContain("d");
    assertThat(later).hasSize(1);
  }

  @Test
  void oneThatFailsKeepsNoRoomAndDoesNotStopTheOthers() {
    List.of("a", "b", "c").forEach(name -> take(name, 10));
    take(
        () -> {
          throw new IllegalStateException("planted");
        });
    take("d", 10);

    endOne();
    pass();

    assertThat(went).containsExactly("a", "b", "c", "d");
    assertThat(turns.underWay()).isEqualTo(30);
  }

  @Test
  void aCallThatFailsGivesItsRoomBack() {
    take("a", 10);

    calls.removeFirst().completeExceptionally(new IllegalStateException("planted"));

    assertThat(turns.underWay()).isZero();
  }

  @Test
  void aTurnThatNeverFitsIsRefused() {
    assertThatThrownBy(() -> new LogTurns((_, task) -> later.add(task), 30, 31))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("31");
  }

  private void take(String name, long bytes) {
    take(
        () -> {
          went.add(name);
          CompletableFuture<String> call = new CompletableFuture<>();
          calls.add(call);
          return new UnderWay(bytes, call);
        });
  }

  private void take(Turn turn) {
    synchronized (home) {
      turns.take(home, turn);
    }
  }

  private void endOne() {
    calls.removeFirst().complete("");
  }

  private void pass() {
    while (!later.isEmpty()) {
      later.removeFirst().run();
    }
  }
}
