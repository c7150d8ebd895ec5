package dev.weft.router.domain.cell;

import dev.weft.router.domain.fleet.Resources;

/** Work for one worker. */
public record Assignment(AttemptKey key, String tenant, Resources reserved) {}
