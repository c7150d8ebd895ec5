package dev.weft.router.domain.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task that is not terminal, as a takeover reads it.
 *
 * @param attemptStart database time of the commit that leased the current attempt; null before one
 */
public record OpenTask(TaskRow row, long lastCommit, @Nullable Instant attemptStart) {}
