package dev.weft.gateway.output;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.artifacts.v1.OutputGap;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.tasks.v1.Attempt;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reader's steps of what was written. */
final class OutputSteps {

  /** The log of an attempt is past its retention. */
  static final String LOG_EXPIRED = "LOG_EXPIRED";

  /** The result keeps less than was written. */
  static final String OUTPUT_TRUNCATED = "OUTPUT_TRUNCATED";

  private static final long UNKNOWN_END = 999_999_999_999_999_999L;

  private OutputSteps() {}

  static ReadOutputResponse chunk(int attempt, OutputChunk chunk) {
    return ReadOutputResponse.newBuilder()
        .setCursor(new OutputCursor(attempt, chunk.getNumber()).toString())
        .setChunk(chunk.toBuilder().setAttempt(attempt))
        .build();
  }

  static ReadOutputResponse gap(int attempt, OutputGap gap) {
    return ReadOutputResponse.newBuilder()
        .setCursor(new OutputCursor(attempt, gap.getToNumber()).toString())
        .setGap(gap.toBuilder().setAttempt(attempt))
        .build();
  }

  /** What an attempt without a log left in its result, after the cursor. */
  static List<ReadOutputResponse> ofResult(Task task, OutputCursor after) {
    Optional<TaskResult> found = result(task, after.attempt());
    if (found.isEmpty()) {
      return List.of();
    }
    TaskResult result = found.get();
    List<ReadOutputResponse> steps = new ArrayList<>();
    if (result.getOutputLogged()) {
      steps.add(missing(after.attempt(), after.number() + 1, UNKNOWN_END, LOG_EXPIRED));
    } else {
      boolean apart = !result.getStdout().isEmpty() || !result.getStderr().isEmpty();
      add(
          1,
          OutputSource.OUTPUT_SOURCE_STDOUT,
          apart ? result.getStdout() : result.getOutput(),
          after,
          steps);
      add(2, OutputSource.OUTPUT_SOURCE_STDERR, result.getStderr(), after, steps);
      if (result.getOutputTruncated() && after.number() < 3) {
        steps.add(missing(after.attempt(), 3, 3, OUTPUT_TRUNCATED));
      }
    }
    return steps;
  }

  static boolean isLogged(Task task, int attempt) {
    return result(task, attempt).filter(TaskResult::getOutputLogged).isPresent();
  }

  /** Whether the attempt's result has its output, so that there is no log of it. */
  static boolean isKept(Task task, int attempt) {
    return result(task, attempt).filter(kept -> !kept.getOutputLogged()).isPresent();
  }

  /** When the attempt was over. */
  static Instant end(Task task, int attempt) {
    Timestamp end =
        task.getEndedAttemptsList().stream()
            .filter(ended -> ended.getNumber() == attempt)
            .findAny()
            .map(Attempt::getEndTime)
            .orElse(task.getEndTime());
    return Instant.ofEpochSecond(end.getSeconds(), end.getNanos());
  }

  private static Optional<TaskResult> result(Task task, int attempt) {
    for (Attempt ended : task.getEndedAttemptsList()) {
      if (ended.getNumber() == attempt && ended.hasResult()) {
        return Optional.of(ended.getResult());
      }
    }
    return task.getAttempt() == attempt && task.hasResult()
        ? Optional.of(task.getResult())
        : Optional.empty();
  }

  private static void add(
      long number,
      OutputSource source,
      ByteString data,
      OutputCursor after,
      List<ReadOutputResponse> steps) {
    if (!data.isEmpty() && after.number() < number) {
      steps.add(
          chunk(
              after.attempt(),
              OutputChunk.newBuilder().setNumber(number).setSource(source).setData(data).build()));
    }
  }

  private static ReadOutputResponse missing(int attempt, long from, long to, String reason) {
    return gap(
        attempt,
        OutputGap.newBuilder().setFromNumber(from).setToNumber(to).setReason(reason).build());
  }
}
