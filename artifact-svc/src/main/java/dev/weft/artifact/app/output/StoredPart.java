package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.Gap;
import dev.weft.artifact.domain.output.GapReason;
import dev.weft.artifact.domain.output.LogKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a reader gets from storage: a page of a segment at a time. Numbers that storage should have
 * and has not are told as a gap.
 */
final class StoredPart {

  private static final int SEGMENTS = 16;

  private final Surroundings around;
  private final LogKey key;
  private final Consumer<Runnable> mailbox;
  private final Deque<StoredSegment> segments = new ArrayDeque<>();
  private @Nullable UUID log;
  private long upTo;
  private long from;
  private boolean loading;
  private boolean missed;

  StoredPart(Surroundings around, LogKey key, Consumer<Runnable> mailbox) {
    this.around = around;
    this.key = key;
    this.mailbox = mailbox;
  }

  /** So far the log is sealed. */
  void upTo(UUID id, long sealed) {
    log = id;
    upTo = Math.max(upTo, sealed);
  }

  boolean hasMore(long after) {
    return log != null && after < upTo;
  }

  boolean isLoading() {
    return loading;
  }

  /** Loads the next entries after the number; they, or a gap, come through the mailbox. */
  void load(long after, Consumer<Deque<Entry>> loaded) {
    loading = true;
    while (!segments.isEmpty() && segments.getFirst().last() <= after) {
      segments.removeFirst();
      from = 0;
    }
    StoredSegment segment = segments.peekFirst();
    if (segment == null) {
      find(after, loaded);
    } else {
      read(segment, after, loaded);
    }
  }

  private void find(long after, Consumer<Deque<Entry>> loaded) {
    UUID id = log;
    if (id == null) {
      throw new IllegalStateException("stored part: no log");
    }
    from = 0;
    whenDone(
        around.rows().segments(id, after, SEGMENTS),
        found -> {
          segments.addAll(found);
          if (found.isEmpty()) {
            loaded.accept(gap(after, upTo));
          }
        },
        failure -> {
          throw Refusals.of(failure);
        });
  }

  private void read(StoredSegment segment, long after, Consumer<Deque<Entry>> loaded) {
    whenDone(
        around.bytes().read(key.tenant(), segment, from),
        page -> {
          from = page.next();
          missed = false;
          if (page.entries().isEmpty()) {
            loaded.accept(gap(after, segment.last()));
          } else {
            loaded.accept(new ArrayDeque<>(page.entries()));
          }
        },
        failure -> {
          if (!isMissing(failure)) {
            throw Refusals.of(failure);
          }
          if (missed) {
            loaded.accept(gap(after, segment.last()));
          } else {
            // It may have been moved into the whole log's blob since its row was read.
            missed = true;
            segments.clear();
          }
        });
  }

  private <T> void whenDone(
      CompletionStage<T> stage, Consumer<T> then, Consumer<Throwable> otherwise) {
    stage.whenComplete(
        (result, failure) ->
            mailbox.accept(
                () -> {
                  loading = false;
                  if (failure == null) {
                    then.accept(result);
                  } else {
                    otherwise.accept(failure);
                  }
                }));
  }

  private static boolean isMissing(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof SegmentBytes.Missing;
  }

  private static Deque<Entry> gap(long after, long last) {
    return new ArrayDeque<>(List.of(new Gap(after + 1, last, GapReason.SLOW_READER)));
  }
}
