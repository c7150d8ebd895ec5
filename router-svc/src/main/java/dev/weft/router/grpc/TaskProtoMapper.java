package dev.weft.router.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.weft.proto.tasks.v1.Attempt;
import dev.weft.proto.tasks.v1.ModelTokens;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.app.CellReader.StoredAttempt;
import dev.weft.router.app.EventChain;
import dev.weft.router.app.EventCursor;
import dev.weft.router.app.StoredTask;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.domain.cell.CellView;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskState;
import io.grpc.Status;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stored tasks, attempts and events as the contract shows them. */
final class TaskProtoMapper {

  private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})\\.(\\d{1,6})");

  private static final int ATTEMPT_OUTPUT_BYTES = 4 << 10;

  private TaskProtoMapper() {}

  /** With its attempts and what only memory knows yet. */
  static Task task(TaskQueries.Seen seen) {
    Task.Builder task = task(seen.stored()).toBuilder();
    seen.live().ifPresent(live -> overlay(task, live));
    seen.attempts().forEach(attempt -> task.addEndedAttempts(attempt(attempt)));
    seen.tokens()
        .models()
        .forEach(
            (model, count) ->
                task.addModelTokens(
                    ModelTokens.newBuilder()
                        .setModel(model)
                        .setInputTokens(count.input())
                        .setOutputTokens(count.output())));
    return task.build();
  }

  /** RUNNING alone is shown before it is durable, since it has no commit of its own. */
  private static void overlay(Task.Builder task, CellView.Live live) {
    if (live.state() == TaskState.RUNNING
        && task.getState() == dev.weft.proto.tasks.v1.TaskState.TASK_STATE_LEASED) {
      task.setState(state(TaskState.RUNNING));
    }
    task.setWaitingReason(live.waitingFor());
  }

  static Task task(StoredTask stored) {
    return task(stored, spec(stored.spec()));
  }

  /**
   * @param spec the stored one, parsed, or nothing for who knows it
   */
  static Task task(StoredTask stored, TaskSpec spec) {
    var progress = stored.row().progress();
    Task.Builder task =
        Task.newBuilder()
            .setId(WireIds.text(stored.row().id()))
            .setSpec(spec)
            .setState(state(progress.state()))
            .setRevision(stored.revision())
            .setCreateTime(timestamp(stored.times().created()))
            .setUpdateTime(timestamp(stored.times().updated()));
    if (progress.state().terminal()) {
      task.setEndTime(timestamp(stored.times().updated()));
    }
    LeaseRef attempt = progress.attempt();
    if (attempt != null) {
      task.setAttempt(attempt.number()).setWorkerId(WireIds.text(attempt.worker()));
    }
    if (progress.state() == TaskState.SUCCEEDED) {
      task.setResult(TaskResult.getDefaultInstance());
    }
    stored.result().map(TaskProtoMapper::result).ifPresent(task::setResult);
    stored.redrive().of().map(WireIds::text).ifPresent(task::setRedriveOf);
    stored.redrive().as().map(WireIds::text).ifPresent(task::setRedrivenAs);
    stored
        .problem()
        .or(() -> ownProblem(progress.state()))
        .map(TaskProtoMapper::problem)
        .ifPresent(task::setProblem);
    return task.build();
  }

  /** The problem that a state names by itself and that therefore has no row. */
  private static Optional<Problem> ownProblem(TaskState state) {
    return switch (state) {
      case CANCELLED ->
          Optional.of(
              new Problem(
                  Status.Code.CANCELLED.value(), "CANCELLED_BY_USER", "cancelled", Map.of()));
      case EXPIRED ->
          Optional.of(
              new Problem(
                  Status.Code.DEADLINE_EXCEEDED.value(),
                  "EXPIRED",
                  "still waiting when its expiry was over",
                  Map.of()));
      case QUEUED, LEASED, RUNNING, CANCELLING, SUCCEEDED, FAILED -> Optional.empty();
    };
  }

  static Attempt attempt(StoredAttempt stored) {
    var ended = stored.attempt();
    Attempt.Builder attempt =
        Attempt.newBuilder()
            .setNumber(ended.lease().number())
            .setWorkerId(WireIds.text(ended.lease().worker()))
            .setState(state(ended.state()))
            .setProblem(problem(ended.problem()))
            .setStartTime(timestamp(ended.startTime()))
            .setEndTime(timestamp(stored.endTime()));
    Document result = ended.result();
    if (result != null) {
      attempt.setResult(shortened(result(result)));
    }
    return attempt.build();
  }

  /** There may be a hundred attempts, and one answer must hold them all. */
  private static TaskResult shortened(TaskResult result) {
    ByteString output = result.getOutput();
    int cut = Math.max(0, output.size() - ATTEMPT_OUTPUT_BYTES);
    return result.toBuilder()
        .setOutput(output.substring(cut))
        .setOutputTruncated(result.getOutputTruncated() || cut > 0)
        .clearStdout()
        .clearStderr()
        .build();
  }

  static TaskEvent event(EventChain.Step step) {
    TaskChange change = step.change();
    TaskEvent.Builder event =
        TaskEvent.newBuilder()
            .setCursor(cursor(step.cursor()))
            .setTaskId(WireIds.text(change.task()))
            .setState(state(change.state()))
            .setAttempt(change.attempt())
            .setReason(change.reason())
            .setEventTime(timestamp(step.commitTime()));
    if (change.worker() != null) {
      event.setWorkerId(WireIds.text(change.worker()));
    }
    return event.build();
  }

  static String cursor(EventCursor cursor) {
    return cursor.commit() + "." + cursor.index();
  }

  /**
   * @param text empty means before the first event
   * @throws IllegalArgumentException naming the value and what was expected
   */
  static EventCursor cursor(String text) {
    if (text.isEmpty()) {
      return EventCursor.START;
    }
    Matcher matcher = CURSOR.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("cursor: " + text + " (expected: <commit>.<index>)");
    }
    return new EventCursor(Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  static dev.weft.proto.tasks.v1.TaskState state(TaskState state) {
    return dev.weft.proto.tasks.v1.TaskState.forNumber(state.code());
  }

  /**
   * @throws IllegalArgumentException naming the value and what was expected
   */
  static TaskState state(dev.weft.proto.tasks.v1.TaskState state) {
    if (state == dev.weft.proto.tasks.v1.TaskState.UNRECOGNIZED
        || state == dev.weft.proto.tasks.v1.TaskState.TASK_STATE_UNSPECIFIED) {
      throw new IllegalArgumentException("states: " + state + " (expected: QUEUED..EXPIRED)");
    }
    return TaskState.of(state.getNumber());
  }

  static dev.weft.proto.tasks.v1.AttemptState state(AttemptState state) {
    return dev.weft.proto.tasks.v1.AttemptState.forNumber(state.code());
  }

  static dev.weft.proto.common.v1.Problem problem(Problem problem) {
    return dev.weft.proto.common.v1.Problem.newBuilder()
        .setCode(problem.code())
        .setReason(problem.reason())
        .setMessage(problem.message())
        .putAllMetadata(problem.metadata())
        .build();
  }

  static TaskSpec spec(Document document) {
    try {
      return TaskSpec.parseFrom(document.bytes());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored spec does not parse", e);
    }
  }

  static TaskResult result(Document document) {
    try {
      return TaskResult.parseFrom(document.bytes());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored result does not parse", e);
    }
  }

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
