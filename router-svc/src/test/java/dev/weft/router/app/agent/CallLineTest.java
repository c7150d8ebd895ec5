package dev.weft.router.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.platform.testing.SettableTicker;
import dev.weft.router.app.JournalException;
import dev.weft.router.domain.agent.AgentRefusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallLineTest {

  private final SettableTicker ticker = new SettableTicker();
  private final Queue<Runnable> threads = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private final CallLine line = new CallLine(threads::add, 1, ticker);

  @Test
  void tenantsTakeTurnsAndTheMeshIsAhead() {
    for (String call : List.of("a1", "a2", "a3", "b1", "b2")) {
      call(Optional.of(call.substring(0, 1)), call);
    }
    call(Optional.empty(), "mesh");

    run();
    call(Optional.of("b"), "later");
    run();

    assertThat(asked).containsExactly("mesh", "a1", "b1", "a2", "b2", "a3", "later");
  }

  @Test
  void aTenantsCallsFillNobodyElsesLine() {
    for (int i = 0; i < CallLine.MOST_WAITING; i++) {
      call(Optional.of("a"), "a");
    }

    assertThatThrownBy(call(Optional.of("a"), "more")::join)
        .cause()
        .isInstanceOfSatisfying(
            AgentRefusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(AgentRefusal.Reason.AGENTS_BUSY));
    CompletableFuture<String> other = call(Optional.of("b"), "b");
    run();

    assertThat(other.join()).isEqualTo("b");
    assertThat(asked).hasSize(CallLine.MOST_WAITING + 1).doesNotContain("more");
    assertThat(call(Optional.of("a"), "again")).isNotDone();
  }

  @Test
  void whatHasWaitedForTooLongIsNotAsked() {
    CompletableFuture<String> late = call(Optional.of("a"), "late");
    ticker.advance(CallLine.PATIENCE);
    CompletableFuture<String> fresh = call(Optional.of("a"), "fresh");
    run();

    assertThatThrownBy(late::join).hasCauseInstanceOf(JournalException.Unavailable.class);
    assertThat(fresh.join()).isEqualTo("fresh");
    assertThat(asked).containsExactly("fresh");
  }

  @Test
  void aQuestionThatFailsFailsAlone() {
    CompletableFuture<String> failing =
        line.<String>call(
                Optional.empty(),
                () -> {
                  throw new IllegalStateException("no");
                })
            .toCompletableFuture();
    CompletableFuture<String> next = call(Optional.empty(), "next");
    run();

    assertThatThrownBy(failing::join).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(next.join()).isEqualTo("next");
  }

  private CompletableFuture<String> call(Optional<String> tenant, String name) {
    return line.call(
            tenant,
            () -> {
              asked.add(name);
              return name;
            })
        .toCompletableFuture();
  }

  private void run() {
    for (Runnable one = threads.poll(); one != null; one = threads.poll()) {
      one.run();
    }
  }
}
