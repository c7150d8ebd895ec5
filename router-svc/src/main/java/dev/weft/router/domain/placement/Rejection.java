package dev.weft.router.domain.placement;

import dev.weft.router.domain.task.WorkerId;

/** How many workers fell to one reason, with one of them. */
public record Rejection(RejectReason reason, int count, WorkerId example, String detail) {}
