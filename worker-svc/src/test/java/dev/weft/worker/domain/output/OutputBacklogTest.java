package dev.weft.worker.domain.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.worker.domain.OutputBuffer.Stream;
import dev.weft.worker.domain.output.OutputBacklog.Bounds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OutputBacklogTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final int MIB = 1 << 20;

  private final OutputBudget budget = new OutputBudget(64L * MIB);
  private final OutputBacklog backlog = new OutputBacklog(budget, new Bounds(MIB, 10L * MIB));

  @AfterEach
  void nothingOfTheBudgetLeaks() {
    backlog.abandon();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void smallPiecesOfOneStreamGrowTogetherUntilSomebodyTakesThem() throws Exception {
    write(Stream.STDOUT, "a");
    write(Stream.STDOUT, "b");
    assertThat(text(backlog.after(0, MIB))).containsExactly("1 STDOUT ab");

    write(Stream.STDOUT, "c");
    write(Stream.STDERR, "d");
    write(Stream.STDOUT, "e");

    assertThat(text(backlog.after(0, MIB)))
        .containsExactly("1 STDOUT ab", "2 STDOUT c", "3 STDERR d", "4 STDOUT e");
  }

  @Test
  void chunksAreNumberedWithoutGapsAndNotLargerThanAgreed() throws Exception {
    backlog.append(Stream.STDOUT, new byte[300_000], 300_000, NOW);

    List<OutputChunk> chunks = backlog.after(0, 10 * MIB);

    assertThat(chunks).extracting(OutputChunk::number).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(chunks).allMatch(chunk -> chunk.length() <= OutputBacklog.CHUNK_BYTES);
    assertThat(chunks.stream().mapToInt(OutputChunk::length).sum()).isEqualTo(300_000);
    assertThat(backlog.after(3, 1)).extracting(OutputChunk::number).containsExactly(4L);
  }

  @Test
  void whatWasTakenStaysUntilItIsSealed() throws Exception {
    write(Stream.STDOUT, "a");
    backlog.after(0, MIB);
    write(Stream.STDOUT, "b");

    assertThat(text(backlog.after(0, MIB))).containsExactly("1 STDOUT a", "2 STDOUT b");
    backlog.sealed(1);

    assertThat(backlog.firstKept()).isEqualTo(2);
    assertThat(text(backlog.after(0, MIB))).containsExactly("2 STDOUT b");
    backlog.sealed(99);
    assertThat(backlog.after(0, MIB)).isEmpty();
    write(Stream.STDOUT, "c");
    assertThat(text(backlog.after(0, MIB))).containsExactly("3 STDOUT c");
  }

  @Test
  void whoAddsWaitsWhileItIsFullAndGoesOnWhenSomethingIsSealed() throws Exception {
    AtomicInteger written = new AtomicInteger();
    Thread command = writer(written, 64);

    await().until(() -> command.getState() == Thread.State.WAITING);
    assertThat(written.get()).isBetween(14, 16);
    backlog.sealed(8);
    await().until(() -> written.get() >= 20);
    await().until(() -> command.getState() == Thread.State.WAITING);
    backlog.commandOver();

    command.join();
    assertThat(written).hasValue(64);
  }

  @Test
  void aWorkersBudgetHoldsAllButNobodyWithNothingKept() throws Exception {
    budget.take(64L * MIB);
    AtomicInteger written = new AtomicInteger();
    Thread command = writer(written, 2);

    await().until(() -> written.get() == 1);
    await().until(() -> command.getState() == Thread.State.TIMED_WAITING);
    budget.giveBack(64L * MIB);

    command.join();
    assertThat(written).hasValue(2);
  }

  @Test
  void whatIsOverTheLongestLogIsDroppedAndSaid() throws Exception {
    OutputBacklog small = new OutputBacklog(budget, new Bounds(10L * MIB, 100_000));
    small.append(Stream.STDOUT, new byte[65_536], 65_536, NOW);
    assertThat(small.truncated()).isFalse();

    small.append(Stream.STDOUT, new byte[65_536], 65_536, NOW);
    small.append(Stream.STDOUT, new byte[65_536], 65_536, NOW);

    assertThat(small.truncated()).isTrue();
    assertThat(small.lastNumber()).isEqualTo(2);
    small.abandon();
  }

  @Test
  void whatIsGivenUpHoldsNoCommandUp() throws Exception {
    AtomicInteger written = new AtomicInteger();
    Thread command = writer(written, 64);
    await().until(() -> command.getState() == Thread.State.WAITING);

    backlog.abandon();

    command.join(Duration.ofSeconds(10));
    assertThat(written).hasValue(64);
    assertThat(backlog.truncated()).isTrue();
  }

  private Thread writer(AtomicInteger written, int pieces) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                for (int i = 0; i < pieces; i++) {
                  backlog.append(Stream.STDOUT, new byte[65_536], 65_536, NOW);
                  written.incrementAndGet();
                }
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
  }

  private void write(Stream stream, String text) throws InterruptedException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    backlog.append(stream, bytes, bytes.length, NOW);
  }

  private static List<String> text(List<OutputChunk> chunks) {
    return chunks.stream()
        .map(
            chunk ->
                "%d %s %s"
                    .formatted(
                        chunk.number(),
                        chunk.source(),
                        new String(chunk.bytes(), 0, chunk.length(), StandardCharsets.UTF_8)))
        .toList();
  }
}
