package dev.weft.router.domain.journal;

import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.task.TaskId;

/**
 * What an attempt has used of one model since it began; what is stored of it is replaced.
 *
 * @param day of UTC, since 1970, on which that was told last
 * @param today what of it was told on that day
 */
public record UsedTokens(
    TaskId task, int attempt, String model, TokenCount tokens, long day, TokenCount today) {}
