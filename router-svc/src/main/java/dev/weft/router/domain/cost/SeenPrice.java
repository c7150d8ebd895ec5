package dev.weft.router.domain.cost;

import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;

/**
 * What a worker was seen to cost.
 *
 * @param currency empty when no price is known
 * @param ago since when this replica sees it so
 */
public record SeenPrice(
    WorkerId worker, String name, long microsPerHour, String currency, Duration ago) {}
