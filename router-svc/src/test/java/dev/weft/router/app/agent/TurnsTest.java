package dev.weft.router.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.agent.AgentId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private final List<AgentId> begun = new ArrayList<>();
  private final Deque<CompletableFuture<AgentId>> open = new ArrayDeque<>();
  private final Turns turns = new Turns(this::turn);

  @Test
  void whoAsksDuringItsTurnGetsOneMoreHoweverOftenItAsks() {
    turns.ask(id(1));
    turns.ask(id(1));
    turns.ask(id(1));
    assertThat(begun).containsExactly(id(1));

    open.remove().complete(id(1));
    assertThat(begun).containsExactly(id(1), id(1));
    open.remove().complete(id(1));

    assertThat(begun).hasSize(2);
  }

  @Test
  void aTurnThatFailsIsATurn() {
    turns.ask(id(1));
    turns.ask(id(1));

    open.remove().completeExceptionally(new IllegalStateException("away"));

    assertThat(begun).hasSize(2);
  }

  @Test
  void onlyAFewHaveTheirTurnAtOnceAndNobodyIsForgotten() {
    for (int i = 0; i < 100; i++) {
      turns.ask(id(i));
    }
    assertThat(begun).hasSize(16);

    while (!open.isEmpty()) {
      open.remove().complete(id(0));
      assertThat(open).hasSizeLessThanOrEqualTo(16);
    }

    assertThat(begun).hasSize(100).doesNotHaveDuplicates();
  }

  private CompletionStage<AgentId> turn(AgentId id) {
    begun.add(id);
    CompletableFuture<AgentId> stage = new CompletableFuture<>();
    open.add(stage);
    return stage;
  }

  private static AgentId id(int number) {
    return new AgentId(new UUID(1, number));
  }
}
