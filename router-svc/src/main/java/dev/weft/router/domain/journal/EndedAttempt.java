package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that ended otherwise than by success. Its end time is the commit's.
 *
 * @param startTime database time of the commit that leased it
 * @param result what it left behind, when it ran
 */
public record EndedAttempt(
    TaskId task,
    LeaseRef lease,
    AttemptState state,
    Instant startTime,
    Problem problem,
    @Nullable Document result) {}
