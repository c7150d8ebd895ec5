package dev.weft.router.domain.journal;

import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.task.TaskId;

/** What an attempt has used of one model since it began; what is stored of it is replaced. */
public record UsedTokens(TaskId task, int attempt, String model, TokenCount tokens) {}
