package dev.weft.artifact.app.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.OutputRules;
import dev.weft.artifact.domain.output.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LogUpkeepingTest {

  private static final Duration RETENTION = Duration.ofDays(7);
  private static final Owner OWNER = new Owner("a", "127.0.0.1:1");

  private final SimClock clock = new SimClock(1);
  private final FakeLogStore rows = new FakeLogStore(clock);
  private final List<UUID> archived = new ArrayList<>();
  private final LogUpkeeping upkeeping =
      new LogUpkeeping(
          new OutputLogs(
              () -> OWNER,
              new FakeWriters(),
              new Surroundings(
                  rows,
                  new FakeSegmentBytes(),
                  new MemoryBudget(1 << 20),
                  new OutputRules(4 << 10, 64 << 10, 250, Duration.ofSeconds(2), 1 << 20),
                  OutputTimes.defaults(),
                  clock,
                  Runnable::run),
              UUID::randomUUID,
              100),
          rows,
          log -> {
            archived.add(log.id());
            return CompletableFuture.completedStage(null);
          },
          RETENTION);

  @Test
  void aCrowdOfClosedLogsIsArchivedAtOnceWithABoundForEachRound() {
    List<LogRow> logs = closed(250);

    upkeeping.tick();
    assertThat(archived).hasSize(100);
    upkeeping.tick();
    upkeeping.tick();

    assertThat(archived)
        .containsExactlyInAnyOrderElementsOf(logs.stream().map(LogRow::id).toList());
  }

  @Test
  void forgettingGoesOnWhileABatchWasFull() {
    List<LogRow> logs = closed(250);
    clock.runUntil(RETENTION.plusDays(1).toNanos());

    for (int round = 0; round < 3; round++) {
      upkeeping.tick();
    }

    assertThat(logs).allMatch(log -> rows.find(log.key()).toCompletableFuture().join().isEmpty());
  }

  private List<LogRow> closed(int count) {
    List<LogRow> logs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LogRow log =
          rows.take(
                  UUID.randomUUID(),
                  new LogKey("acme", "tsk_" + i, 1),
                  new Writer("wkr_1", 7),
                  OWNER)
              .toCompletableFuture()
              .join();
      rows.close(log.id(), log.epoch(), new LogEnd(0, 0));
      logs.add(log);
    }
    return logs;
  }
}
