package dev.weft.gateway.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.proto.tasks.v1.Attempt;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskState;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutputReaderTest {

  private static final Duration A_LITTLE = Duration.ofSeconds(2);

  private final FakeOrigin origin = new FakeOrigin();
  private final Reading reading = new Reading();

  @Test
  void aLogThatIsOpenedLateIsFound() {
    read(true);
    origin.pass(Duration.ofSeconds(30));
    assertThat(reading.steps).isEmpty();

    origin.open(1);
    origin.write(1, 5);
    origin.pass(A_LITTLE);

    assertThat(reading.cursors()).containsExactly("1.1");
    assertThat(origin.tails.size()).as("not asked all the time").isLessThan(30);
  }

  @Test
  void whatIsRunningAndNotFollowedIsReadAsFarAsItIs() {
    origin.open(1);
    origin.write(1, 5);

    read(false);

    assertThat(reading.cursors()).containsExactly("1.1");
    assertThat(reading.done).isTrue();
    assertThat(origin.watched()).isZero();
  }

  @Test
  void whatHasNoLogYetAndIsNotFollowedIsEmpty() {
    read(false);

    assertThat(reading.steps).isEmpty();
    assertThat(reading.done).isTrue();
  }

  @Test
  void aTaskThatNeverRanEndsWithoutOutput() {
    origin.task.setState(TaskState.TASK_STATE_QUEUED).setAttempt(0);
    read(true);
    assertThat(reading.done).isFalse();

    origin.change(TaskState.TASK_STATE_CANCELLED, 0);
    origin.settle();

    assertThat(reading.done).isTrue();
    assertThat(origin.tails).isEmpty();
  }

  @Test
  void resultsOfEarlierAttemptsAreReadToo() {
    origin.task.setState(TaskState.TASK_STATE_FAILED).setAttempt(2);
    origin.task.addEndedAttempts(Attempt.newBuilder().setNumber(1).setResult(result("first", "")));
    origin.task.setResult(result("second", "worse").toBuilder().setOutputTruncated(true));

    read(true);

    assertThat(reading.cursors()).containsExactly("1.1", "2.1", "2.2", "2.3");
    assertThat(reading.steps.getLast().getGap().getReason()).isEqualTo("OUTPUT_TRUNCATED");
    assertThat(reading.done).isTrue();
  }

  @Test
  void whoComesBackIntoAResultGetsTheRest() {
    origin.task.setState(TaskState.TASK_STATE_SUCCEEDED).setResult(result("out", "err"));

    start(new OutputCursor(1, 1), true);

    assertThat(reading.cursors()).containsExactly("1.2");
  }

  @Test
  void aLogThatWasOpenedAfterItWasAskedForIsAskedForAgain() {
    read(true);
    origin.open(1);
    origin.write(1, 5);
    origin.close(1);
    origin.task.setResult(TaskResult.newBuilder().setOutputLogged(true));
    origin.change(TaskState.TASK_STATE_SUCCEEDED, 1);
    origin.pass(A_LITTLE);

    assertThat(reading.cursors()).containsExactly("1.1");
    assertThat(reading.done).isTrue();
  }

  @Test
  void whatTheResultKeepsIsReadWithoutAskingForALog() {
    read(true);
    int asked = origin.tails.size();

    origin.task.setResult(result("out", "err"));
    origin.change(TaskState.TASK_STATE_SUCCEEDED, 1);
    origin.settle();

    assertThat(reading.cursors()).containsExactly("1.1", "1.2");
    assertThat(reading.done).isTrue();
    assertThat(origin.tails).hasSize(asked);
  }

  @Test
  void aPlacerThatIsAwayAtTheEndDoesNotHideTheLog() {
    read(true);
    origin.open(1);
    origin.write(1, 5);
    origin.close(1);
    origin.placerAway = true;

    origin.change(TaskState.TASK_STATE_SUCCEEDED, 1);
    origin.settle();

    assertThat(reading.cursors()).containsExactly("1.1");
    assertThat(reading.done).isTrue();
  }

  @Test
  void aLogThatComesAfterItsResultIsWaitedFor() {
    origin.task.setState(TaskState.TASK_STATE_SUCCEEDED);
    origin.task.setResult(TaskResult.newBuilder().setOutputLogged(true));
    read(false);
    origin.pass(Duration.ofSeconds(20));
    assertThat(reading.steps).isEmpty();
    assertThat(reading.done).isFalse();

    origin.open(1);
    origin.write(1, 5);
    origin.close(1);
    origin.pass(Duration.ofSeconds(2));

    assertThat(reading.cursors()).containsExactly("1.1");
    assertThat(reading.done).isTrue();
  }

  @Test
  void aLogThatIsKeptNoMoreIsAGapAndNotSilence() {
    origin.pass(Duration.ofHours(24));
    origin.task.setState(TaskState.TASK_STATE_SUCCEEDED);
    origin.task.setResult(TaskResult.newBuilder().setOutputLogged(true));

    read(true);

    assertThat(reading.steps).hasSize(1);
    assertThat(reading.steps.getFirst().getGap().getReason()).isEqualTo("LOG_EXPIRED");
    assertThat(reading.done).isTrue();
  }

  @Test
  void aLogThatADeadWorkerLeftOpenDoesNotHoldTheReader() {
    origin.open(1);
    origin.write(1, 5);
    read(true);
    origin.change(TaskState.TASK_STATE_QUEUED, 1);
    origin.change(TaskState.TASK_STATE_RUNNING, 2);
    origin.open(2);
    origin.write(2, 5);
    origin.pass(Duration.ofSeconds(5));
    assertThat(reading.cursors()).as("it may still say something").containsExactly("1.1");

    origin.pass(Duration.ofSeconds(15));

    assertThat(reading.cursors()).containsExactly("1.1", "2.1");
    origin.close(2);
    origin.change(TaskState.TASK_STATE_SUCCEEDED, 2);
    origin.settle();
    assertThat(reading.done).isTrue();
  }

  @Test
  void theNextAttemptIsHeardLiveAsSoonAsTheWorkerIsKnownToBeLost() {
    origin.open(1);
    origin.write(1, 5);
    read(true);

    origin.change(TaskState.TASK_STATE_QUEUED, 1, "WORKER_LOST");
    origin.change(TaskState.TASK_STATE_LEASED, 2);
    origin.open(2);
    origin.write(2, 5);
    origin.settle();
    assertThat(reading.cursors()).containsExactly("1.1", "2.1");

    origin.write(2, 5);
    origin.settle();
    assertThat(reading.cursors()).containsExactly("1.1", "2.1", "2.2");
  }

  @Test
  void attemptsThatWereLostLongAgoHoldNobody() {
    origin.task.setAttempt(3);
    for (int attempt = 1; attempt <= 3; attempt++) {
      origin.open(attempt);
      origin.write(attempt, 5);
    }
    read(true);
    origin.settle();
    assertThat(reading.cursors()).containsExactly("1.1");

    origin.change(TaskState.TASK_STATE_QUEUED, 1, "WORKER_LOST");
    origin.change(TaskState.TASK_STATE_QUEUED, 2, "WORKER_LOST");
    origin.change(TaskState.TASK_STATE_RUNNING, 3);
    origin.settle();

    assertThat(reading.cursors()).containsExactly("1.1", "2.1", "3.1");
  }

  @Test
  void lastWordsThatComeAfterTheEndAreHeard() {
    origin.open(1);
    read(true);
    origin.change(TaskState.TASK_STATE_SUCCEEDED, 1);
    for (int i = 0; i < 20; i++) {
      origin.pass(Duration.ofSeconds(5));
      origin.write(1, 5);
    }
    origin.close(1);
    origin.settle();

    assertThat(reading.steps).hasSize(20);
    assertThat(reading.done).isTrue();
  }

  @Test
  void whoStopsReadingIsReadForNoMoreAndLaterMissesNothing() {
    origin.open(1);
    IntStream.range(0, 100).forEach(_ -> origin.write(1, 60_000));
    reading.eager = false;
    read(true);
    origin.pass(Duration.ofSeconds(5));
    assertThat(origin.open()).as("streams of the mesh").isZero();
    assertThat(reading.steps.size()).isLessThan(10);

    reading.wake();
    origin.settle();

    assertThat(reading.cursors())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 100).mapToObj(number -> "1." + number).toList());
    assertThat(reading.batches).allMatch(bytes -> bytes < 400_000);
  }

  @Test
  void aReplicaThatStopsIsNotTheEnd() {
    origin.open(1);
    origin.write(1, 5);
    read(true);

    origin.stopReplicas();
    origin.write(1, 5);
    origin.pass(A_LITTLE);

    assertThat(reading.cursors()).containsExactly("1.1", "1.2");
    assertThat(reading.done).isFalse();
  }

  @Test
  void smallStepsComeTogether() {
    origin.open(1);
    IntStream.range(0, 1000).forEach(_ -> origin.write(1, 10));
    origin.close(1);
    origin.task.setState(TaskState.TASK_STATE_SUCCEEDED);

    read(true);

    assertThat(reading.steps).hasSize(1000);
    assertThat(reading.done).isTrue();
  }

  @Test
  void whatFailsElsewhereEndsTheReading() {
    origin.open(1);
    read(true);

    origin.failWatches(new IllegalStateException("gone"));
    origin.settle();

    assertThat(reading.failure).isPresent();
    assertThat(origin.open()).isZero();
  }

  @Test
  void whoLeavesLeavesNothingOpen() {
    origin.open(1);
    read(true);
    assertThat(origin.open()).isEqualTo(1);

    reading.stream.cancel();
    origin.pass(Duration.ofMinutes(1));

    assertThat(origin.open()).isZero();
    assertThat(origin.watched()).isZero();
    assertThat(reading.done).isFalse();
  }

  private void read(boolean follow) {
    start(OutputCursor.START, follow);
  }

  private void start(OutputCursor after, boolean follow) {
    OutputReader reader = new OutputReader(origin, after, follow, reading);
    reading.stream = reader;
    reader.open();
    origin.settle();
  }

  private static TaskResult result(String stdout, String stderr) {
    return TaskResult.newBuilder()
        .setStdout(ByteString.copyFromUtf8(stdout))
        .setStderr(ByteString.copyFromUtf8(stderr))
        .build();
  }
}
