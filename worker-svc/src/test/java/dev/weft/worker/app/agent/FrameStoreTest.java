package dev.weft.worker.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.domain.agent.FrameOutbox;
import dev.weft.worker.domain.agent.SessionEvent.CommandStarted;
import dev.weft.worker.domain.agent.SessionEvent.TerminalOutput;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FrameStoreTest {

  private final FrameStore frames =
      new FrameStore(new FrameOutbox(10_000), InstantSource.system(), Ticker.system());

  private void fill() throws InterruptedException {
    for (int i = 0; i < 8; i++) {
      frames.put(new TerminalOutput(new byte[1000]));
    }
  }

  private CompletableFuture<Void> putMore() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            frames.put(new TerminalOutput(new byte[1000]));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        },
        task -> Thread.ofPlatform().daemon().start(task));
  }

  @Test
  void whoMakesAFrameWaitsForRoom() throws Exception {
    fill();
    CompletableFuture<Void> waiting = putMore();
    await().during(Duration.ofMillis(200)).until(() -> !waiting.isDone());

    frames.acknowledged(1);

    await().until(waiting::isDone);
    assertThat(frames.last()).isEqualTo(9);
  }

  @Test
  void nobodyWaitsAfterTheEnd() throws Exception {
    fill();
    CompletableFuture<Void> waiting = putMore();
    await().during(Duration.ofMillis(100)).until(() -> !waiting.isDone());

    frames.close();

    await().until(waiting::isDone);
    assertThat(frames.last()).isEqualTo(8);
    assertThat(frames.offer(new CommandStarted("c"))).isFalse();
  }

  @Test
  void anOfferNeverWaits() throws Exception {
    fill();
    while (frames.offer(new CommandStarted("c"))) {
      assertThat(frames.last()).isLessThan(100);
    }

    assertThat(frames.last()).isGreaterThan(8);
  }

  @Test
  void whoSendsIsToldOfEachFrame() throws Exception {
    AtomicInteger told = new AtomicInteger();
    frames.onFrames(told::incrementAndGet);
    frames.put(new CommandStarted("c"));
    frames.offer(new CommandStarted("d"));

    assertThat(told).hasValue(2);
  }

  @Test
  void aStreamThatBreaksHarmsNobodyWhoMakesFrames() throws Exception {
    frames.onFrames(
        () -> {
          throw new IllegalStateException("call was cancelled");
        });
    frames.put(new CommandStarted("c"));

    assertThat(frames.offer(new CommandStarted("d"))).isTrue();
    assertThat(frames.last()).isEqualTo(2);
  }

  @Test
  void whoWaitsForTheLastFramesHasTheHomeTold() throws Exception {
    AtomicInteger told = new AtomicInteger();
    frames.put(new CommandStarted("c"));
    assertThat(frames.waits()).isFalse();
    frames.onFrames(told::incrementAndGet);

    frames.awaitAcknowledged(Duration.ofMillis(1));

    assertThat(frames.waits()).isTrue();
    assertThat(told).hasValue(1);
  }

  @Test
  void theLastFramesAreWaitedForButNotForEver() throws Exception {
    frames.put(new CommandStarted("c"));
    assertThat(frames.awaitAcknowledged(Duration.ofMillis(50))).isFalse();
    CompletableFuture.runAsync(() -> frames.acknowledged(1));

    assertThat(frames.awaitAcknowledged(Duration.ofSeconds(10))).isTrue();
  }
}
