package dev.weft.worker.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.domain.agent.FrameOutbox;
import dev.weft.worker.domain.agent.SessionEvent.TerminalOutput;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FrameMemoryTest {

  private static final int CHUNK = 32 << 10;
  private static final long TOTAL = 8L << 20;

  private final FrameMemory memory = new FrameMemory(TOTAL);

  private static FrameStore store() {
    return new FrameStore(
        new FrameOutbox(FrameOutbox.BOUND_BYTES), InstantSource.system(), Ticker.system());
  }

  /** Output of 4 MiB that its home has taken. */
  private static void fill(FrameStore frames) throws InterruptedException {
    for (int i = 0; i < FrameOutbox.BOUND_BYTES / CHUNK; i++) {
      frames.put(new TerminalOutput(new byte[CHUNK]));
      frames.acknowledged(frames.last());
    }
  }

  private static long kept(FrameStore frames) {
    return (frames.last() - frames.oldest() + 1) * CHUNK;
  }

  @Test
  void oneBodyHasAllThatABodyMayHave() throws Exception {
    FrameStore only = store();
    try (var _ = memory.share(only)) {
      fill(only);
      assertThat(kept(only)).isGreaterThan(FrameOutbox.BOUND_BYTES - 2 * CHUNK);
    }
  }

  @Test
  void manyBodiesKeepNoMoreTogetherThanThereIs() throws Exception {
    List<FrameStore> all = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      FrameStore frames = store();
      memory.share(frames);
      fill(frames);
      all.add(frames);
    }

    assertThat(all.stream().mapToLong(FrameMemoryTest::kept).sum()).isLessThanOrEqualTo(TOTAL);
    assertThat(all).allSatisfy(frames -> assertThat(kept(frames)).isPositive());
  }

  @Test
  void whoWaitsForRoomGoesOnWhenAnotherBodyIsOver() throws Exception {
    FrameMemory small = new FrameMemory(2 * FrameMemory.LEAST_BYTES);
    FrameStore first = store();
    FrameMemory.Share share = small.share(first);
    FrameStore second = store();
    small.share(second);
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i < 12; i++) {
                  second.put(new TerminalOutput(new byte[CHUNK]));
                }
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            },
            task -> Thread.ofPlatform().daemon().start(task));
    await().until(() -> second.last() == 7);
    assertThat(waiting).isNotDone();

    share.close();

    await().until(waiting::isDone);
  }
}
