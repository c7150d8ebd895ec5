package dev.weft.router.grpc;

import com.google.protobuf.Timestamp;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.tasks.v1.DeadLetter;
import dev.weft.proto.tasks.v1.DeadLetterFilter;
import dev.weft.proto.tasks.v1.RedriveResult;
import dev.weft.proto.tasks.v1.RedrivenTask;
import dev.weft.router.app.DeadLetters.Outcome;
import dev.weft.router.app.LetterCursor;
import dev.weft.router.app.LetterFilter;
import dev.weft.router.app.LetterQuery;
import dev.weft.router.app.StoredLetter;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dead letters, pages of them and what became of them, in the contract's words. */
final class LetterProtoMapper {

  private static final Pattern PLACE = Pattern.compile("(\\d{1,11})\\.(\\d{1,9})\\.(tsk_\\w{26})");

  private LetterProtoMapper() {}

  static DeadLetter letter(StoredLetter stored) {
    DeadLetter.Builder letter =
        DeadLetter.newBuilder()
            .setTaskId(WireIds.text(stored.task()))
            .setEndTime(TaskProtoMapper.timestamp(stored.ended()))
            .setAttempts(stored.letter().attempts())
            .setProblem(TaskProtoMapper.problem(stored.letter().problem()))
            .setPriorityClassValue(stored.priority().code() + 1);
    TaskId as = stored.redrivenAs();
    Instant settled = stored.settled();
    if (as != null && settled != null) {
      letter.setRedrivenAs(WireIds.text(as)).setRedriveTime(TaskProtoMapper.timestamp(settled));
    }
    return letter.build();
  }

  /**
   * @param page its size may be 0, which means 100
   */
  static LetterQuery query(String tenant, DeadLetterFilter filter, boolean redrivenToo, Page page) {
    int size = PageTokens.size(page.size, page.most);
    Optional<LetterCursor> before = PageTokens.place(page.token, LetterProtoMapper::cursor);
    try {
      return new LetterQuery(tenant, filter(filter), redrivenToo, before, size);
    } catch (IllegalArgumentException e) {
      throw Denials.invalidField(e);
    }
  }

  /** Which part of a list is asked for, and the most that it may have. */
  record Page(int size, String token, int most) {}

  static RedriveResult result(Outcome outcome) {
    RedriveResult.Builder result =
        RedriveResult.newBuilder().setTaskId(WireIds.text(outcome.letter()));
    return switch (outcome) {
      case Outcome.Redriven redriven ->
          result
              .setRedriven(
                  RedrivenTask.newBuilder()
                      .setTaskId(WireIds.text(redriven.as()))
                      .setExisting(redriven.existing()))
              .build();
      case Outcome.Refused refused ->
          result.setProblem(problem(refused.letter(), refused.why())).build();
    };
  }

  /** A refusal that names the letter. */
  static Throwable failure(TaskId letter, Throwable why) {
    Throwable cause =
        why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
    return switch (cause) {
      case TaskQueries.Denied denied
          when denied.denial().reason() == Denial.Reason.DEAD_LETTER_NOT_FOUND -> {
        String text = WireIds.text(letter);
        yield new MeshException(
                RouterReason.DEAD_LETTER_NOT_FOUND,
                "dead letter: %s: %s".formatted(text, denied.denial().message()))
            .with("task_id", text);
      }
      case IllegalArgumentException wrong -> Denials.invalidField(wrong);
      default -> cause;
    };
  }

  private static Problem problem(TaskId letter, RuntimeException why) {
    return Denials.problem(failure(letter, why));
  }

  static String token(LetterCursor cursor) {
    Instant ended = cursor.ended();
    return PageTokens.token(
        "%d.%d.%s".formatted(ended.getEpochSecond(), ended.getNano(), WireIds.text(cursor.task())));
  }

  private static LetterCursor cursor(String place) {
    Matcher parts = PLACE.matcher(place);
    if (!parts.matches()) {
      throw new IllegalArgumentException(place);
    }
    Instant ended =
        Instant.ofEpochSecond(Long.parseLong(parts.group(1)), Integer.parseInt(parts.group(2)));
    return new LetterCursor(ended, WireIds.task(parts.group(3)));
  }

  private static LetterFilter filter(DeadLetterFilter filter) {
    Set<PriorityClass> classes = EnumSet.noneOf(PriorityClass.class);
    filter
        .getPriorityClassesValueList()
        .forEach(number -> classes.add(SpecProtoMapper.priority(number)));
    return new LetterFilter(
        new HashSet<>(filter.getReasonsList()),
        classes,
        filter.hasEndedAfter()
            ? instant("ended_after", filter.getEndedAfter())
            : LetterFilter.ALWAYS,
        filter.hasEndedBefore()
            ? instant("ended_before", filter.getEndedBefore())
            : LetterFilter.NEVER);
  }

  /** What lies outside of these years is meant as their end. */
  private static Instant instant(String field, Timestamp time) {
    long seconds = time.getSeconds();
    int nanos = time.getNanos();
    if (nanos < 0 || nanos > 999_999_999) {
      throw new IllegalArgumentException(field + ".nanos: " + nanos + " (expected: 0..999999999)");
    }
    if (seconds < LetterFilter.ALWAYS.getEpochSecond()) {
      return LetterFilter.ALWAYS;
    }
    return seconds >= LetterFilter.NEVER.getEpochSecond()
        ? LetterFilter.NEVER
        : Instant.ofEpochSecond(seconds, nanos);
  }
}
