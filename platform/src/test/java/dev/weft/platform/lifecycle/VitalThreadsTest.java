package dev.weft.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VitalThreadsTest {

  private final BlockingQueue<Integer> exits = new LinkedBlockingQueue<>();

  @Test
  void aThreadThatDiesOfAnErrorEndsTheProcess() throws InterruptedException {
    Thread thread =
        VitalThreads.named("vital", exits::add)
            .start(
                () -> {
                  throw new OutOfMemoryError("of this test");
                });
    thread.join();

    assertThat(exits).containsExactly(VitalThreads.EXIT_CODE);
  }

  @Test
  void soDoesAnExecutorsThread() throws InterruptedException {
    ExecutorService executor =
        Executors.newSingleThreadExecutor(VitalThreads.named("vital", exits::add).factory());
    executor.execute(
        () -> {
          throw new OutOfMemoryError("of this test");
        });
    try {
      assertThat(exits.poll(10, TimeUnit.SECONDS)).isEqualTo(VitalThreads.EXIT_CODE);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void aThreadThatReturnsEndsNothing() throws InterruptedException {
    VitalThreads.named("vital", exits::add).start(() -> {}).join();

    assertThat(exits).isEmpty();
  }
}
