package dev.weft.router.domain.replay;

import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt as it was.
 *
 * @param started when its lease was committed
 * @param ended null while it is open
 * @param reason why it failed, from docs/errors.md; empty if it did not
 */
public record RecordedRun(
    WorkerId worker, AttemptState state, Instant started, @Nullable Instant ended, String reason) {

  /** How long it took; until then if it is open. */
  Duration took(Instant now) {
    Duration length = Duration.between(started, ended == null ? now : ended);
    return length.isNegative() ? Duration.ZERO : length;
  }
}
