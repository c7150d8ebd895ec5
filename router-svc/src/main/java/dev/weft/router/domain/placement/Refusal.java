package dev.weft.router.domain.placement;

/** One worker's no: the reason, what was found and what was needed. */
public record Refusal(RejectReason reason, String detail) {}
