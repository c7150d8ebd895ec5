package dev.weft.router.domain.cell;

import dev.weft.router.domain.fleet.Resources;
import java.time.Duration;

/**
 * Work for one worker.
 *
 * @param waited from the task's admission, or the end of its attempt before, to this lease; zero
 *     where nobody knows
 */
public record Assignment(AttemptKey key, String tenant, Resources reserved, Duration waited) {}
