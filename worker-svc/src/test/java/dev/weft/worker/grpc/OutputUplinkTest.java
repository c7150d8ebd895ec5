package dev.weft.worker.grpc;

import static dev.weft.proto.artifacts.v1.OutputSource.OUTPUT_SOURCE_STDERR;
import static dev.weft.proto.artifacts.v1.OutputSource.OUTPUT_SOURCE_STDOUT;
import static dev.weft.worker.grpc.Replicas.KEY;
import static dev.weft.worker.grpc.Replicas.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.domain.OutputBuffer.Stream;
import dev.weft.worker.domain.output.OutputBacklog;
import dev.weft.worker.grpc.FakeLogs.Mood;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No byte of output is lost, twice or out of its place, whatever becomes of the replicas. */
@Timeout(90)
class OutputUplinkTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  private Replicas replicas = open(Duration.ofMinutes(1));

  private static Replicas open(Duration linger) {
    try {
      return new Replicas(new ArtifactLinks.OutputRoom(64 * MIB, MIB, 100 * MIB, linger));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() throws Exception {
    assertThat(replicas.sealed.faults()).isEmpty();
    replicas.close();
  }

  @Test
  void allThatWasWrittenIsInTheLogWhenItCloses() throws Exception {
    OutputBacklog backlog = replicas.links.logs().open(KEY);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      out.append(write(backlog, Stream.STDOUT, "line " + i + "\n"));
      if (i % 100 == 0) {
        write(backlog, Stream.STDERR, "e" + i + "\n");
      }
    }
    backlog.end();

    awaitClosed();
    assertThat(replicas.sealed.text(OUTPUT_SOURCE_STDOUT)).isEqualTo(out.toString());
    assertThat(replicas.sealed.text(OUTPUT_SOURCE_STDERR)).startsWith("e0\ne100\n");
    assertThat(backlog.truncated()).isFalse();
  }

  @Test
  void aKilledReplicasUnsealedRestGoesToTheOther() throws Exception {
    replicas.firstLogs.mood = Mood.UNSEALING;
    OutputBacklog backlog = replicas.links.logs().open(KEY);
    write(backlog, Stream.STDOUT, "received, never sealed\n");
    await().until(() -> replicas.firstLogs.received.get() > 0);

    replicas.kill(0);
    write(backlog, Stream.STDOUT, "written after it\n");
    backlog.end();

    awaitClosed();
    assertThat(replicas.sealed.text(OUTPUT_SOURCE_STDOUT))
        .isEqualTo("received, never sealed\nwritten after it\n");
    assertThat(replicas.secondLogs.opens).hasValue(1);
  }

  @Test
  void aSilentReplicaIsLeftAfterASecond() throws Exception {
    OutputBacklog backlog = replicas.links.logs().open(KEY);
    write(backlog, Stream.STDOUT, "a\n");
    await().until(() -> replicas.firstLogs.received.get() == 2);
    replicas.firstLogs.mood = Mood.SILENT;
    long from = System.nanoTime();

    write(backlog, Stream.STDOUT, "b\n");

    await().until(() -> replicas.secondLogs.received.get() == 4);
    assertThat(Duration.ofNanos(System.nanoTime() - from))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(4));
    backlog.end();
    awaitClosed();
    assertThat(replicas.sealed.text(OUTPUT_SOURCE_STDOUT)).isEqualTo("a\nb\n");
    assertThat(replicas.sealed.epoch()).isEqualTo(2);
  }

  @Test
  void whileBothAreAwayTheCommandRunsOnUntilTheBoundAndNothingIsLost() throws Exception {
    replicas.firstLogs.mood = Mood.AWAY;
    replicas.secondLogs.mood = Mood.AWAY;
    OutputBacklog backlog = replicas.links.logs().open(KEY);
    AtomicLong written = new AtomicLong();
    Thread command = chatty(backlog, written, 8 * MIB);

    await().until(() -> command.getState() == Thread.State.WAITING);
    assertThat(written.get()).isBetween(MIB - 2 * 65_536, MIB + 65_536);
    await().until(() -> replicas.asked.get() > 0);

    replicas.secondLogs.mood = Mood.WELL;
    command.join();
    backlog.end();
    awaitClosed();
    assertThat(replicas.sealed.size(OUTPUT_SOURCE_STDOUT)).isEqualTo(8 * MIB);
  }

  @Test
  void theResultDoesNotWaitAndTheEndIsSentWhenAReplicaIsBack() throws Exception {
    replicas.firstLogs.mood = Mood.AWAY;
    replicas.secondLogs.mood = Mood.AWAY;
    OutputBacklog backlog = replicas.links.logs().open(KEY);
    write(backlog, Stream.STDOUT, "last words\n");
    backlog.end();
    assertThat(replicas.links.outputSealed()).isNotDone();

    replicas.firstLogs.mood = Mood.WELL;

    awaitClosed();
    assertThat(replicas.sealed.text(OUTPUT_SOURCE_STDOUT)).isEqualTo("last words\n");
  }

  @Test
  void afterItsLingeringTimeWhatNobodyTookIsGivenUpAndSaid() throws Exception {
    replicas.close();
    replicas = open(Duration.ofMillis(500));
    replicas.firstLogs.mood = Mood.AWAY;
    replicas.secondLogs.mood = Mood.AWAY;
    OutputBacklog backlog = replicas.links.logs().open(KEY);
    write(backlog, Stream.STDOUT, "lost\n");

    backlog.end();

    replicas.links.outputSealed().get(20, TimeUnit.SECONDS);
    assertThat(replicas.sealed.closed()).isFalse();
  }

  @Test
  void aLeaseThatIsNotHeldFreesTheCommand() throws Exception {
    replicas.firstLogs.mood = Mood.REFUSING;
    OutputBacklog backlog = replicas.links.logs().open(KEY);

    Thread command = chatty(backlog, new AtomicLong(), 8 * MIB);

    command.join(Duration.ofSeconds(20));
    assertThat(command.isAlive()).isFalse();
    assertThat(backlog.truncated()).isTrue();
    replicas.links.outputSealed().get(20, TimeUnit.SECONDS);
  }

  @Test
  void replicasThatComeAndGoLoseNothing() throws Exception {
    OutputBacklog backlog = replicas.links.logs().open(KEY);
    AtomicLong written = new AtomicLong();
    Thread command = chatty(backlog, written, 60 * MIB);
    for (int i = 0; i < 6; i++) {
      FakeLogs leaving = i % 2 == 0 ? replicas.firstLogs : replicas.secondLogs;
      FakeLogs other = i % 2 == 0 ? replicas.secondLogs : replicas.firstLogs;
      long before = written.get();
      other.mood = Mood.WELL;
      leaving.mood = i % 3 == 0 ? Mood.SILENT : Mood.AWAY;
      await().until(() -> written.get() > before + MIB || !command.isAlive());
    }

    replicas.firstLogs.mood = Mood.WELL;
    replicas.secondLogs.mood = Mood.WELL;
    command.join();
    backlog.end();
    awaitClosed();
    assertThat(replicas.sealed.size(OUTPUT_SOURCE_STDOUT)).isEqualTo(60 * MIB);
  }

  private static Thread chatty(OutputBacklog backlog, AtomicLong written, long total) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              byte[] piece = new byte[65_536];
              try {
                while (written.get() < total) {
                  backlog.append(Stream.STDOUT, piece, piece.length, NOW);
                  written.addAndGet(piece.length);
                }
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
  }

  private static String write(OutputBacklog backlog, Stream stream, String text)
      throws InterruptedException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    backlog.append(stream, bytes, bytes.length, NOW);
    return text;
  }

  private void awaitClosed() {
    await().until(() -> replicas.sealed.closed() && replicas.links.outputSealed().isDone());
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(10));
  }
}
