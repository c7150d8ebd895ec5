package dev.weft.worker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.worker.app.AttemptOutput.Means;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.CapturedOutput;
import dev.weft.worker.domain.OutputBuffer.Stream;
import dev.weft.worker.domain.output.OutputBacklog;
import dev.weft.worker.domain.output.OutputBudget;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttemptOutputTest {

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final List<OutputBacklog> opened = new ArrayList<>();
  private boolean available = true;
  private final AttemptOutput output =
      new AttemptOutput(
          new Means(new Kept(), timer, InstantSource.system()), new AttemptKey("t", 1, 1));

  @AfterEach
  void close() {
    timer.shutdownNow();
  }

  @Test
  void littleAtOnceGoesWithTheResult() throws Exception {
    take(Stream.STDOUT, "out");
    take(Stream.STDERR, "err");

    CapturedOutput captured = output.finish();

    assertThat(captured.logged()).isFalse();
    assertThat(captured.combined()).asString().isEqualTo("outerr");
    assertThat(opened).isEmpty();
  }

  @Test
  void fourKilobytesOpenALogThatBeginsWithWhatCameBefore() throws Exception {
    take(Stream.STDERR, "first ");
    take(Stream.STDOUT, "second ");
    take(Stream.STDOUT, "x".repeat(AttemptOutput.LOG_FROM_BYTES));

    CapturedOutput captured = output.finish();

    assertThat(captured.logged()).isTrue();
    assertThat(captured.combined()).isEmpty();
    assertThat(captured.totalBytes()).isEqualTo(4096 + 13);
    assertThat(logged()).isEqualTo("first second " + "x".repeat(4096));
    assertThat(opened.getFirst().ended()).isTrue();
  }

  @Test
  void littleOutputOfACommandThatGoesOnOpensALogSoonAfter() throws Exception {
    take(Stream.STDOUT, "slow");

    await().until(() -> opened.size() == 1);

    take(Stream.STDOUT, " more");
    assertThat(output.finish().logged()).isTrue();
    assertThat(logged()).isEqualTo("slow more");
  }

  @Test
  void aCommandThatIsOverOpensNone() throws Exception {
    take(Stream.STDOUT, "quick");
    output.finish();
    timer.shutdown();

    assertThat(timer.awaitTermination(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    assertThat(opened).isEmpty();
  }

  @Test
  void withoutAnybodyWhoKeepsLogsTheResultCarriesWhatItCan() throws Exception {
    available = false;
    take(Stream.STDOUT, "x".repeat(100_000));

    CapturedOutput captured = output.finish();

    assertThat(captured.logged()).isFalse();
    assertThat(captured.truncated()).isTrue();
    assertThat(captured.combined()).hasSize(65_536);
    assertThat(output.unloggedBytes()).isEqualTo(100_000);
  }

  private String logged() {
    StringBuilder text = new StringBuilder();
    opened
        .getFirst()
        .after(0, 1 << 20)
        .forEach(
            chunk ->
                text.append(new String(chunk.bytes(), 0, chunk.length(), StandardCharsets.UTF_8)));
    return text.toString();
  }

  private void take(Stream stream, String text) throws InterruptedException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    output.take(stream, bytes, bytes.length);
  }

  private final class Kept implements OutputLogs {
    @Override
    public boolean available() {
      return available;
    }

    @Override
    public OutputBacklog open(AttemptKey key) {
      OutputBacklog backlog =
          new OutputBacklog(new OutputBudget(1 << 20), new OutputBacklog.Bounds(1 << 20, 1 << 20));
      opened.add(backlog);
      return backlog;
    }
  }
}
