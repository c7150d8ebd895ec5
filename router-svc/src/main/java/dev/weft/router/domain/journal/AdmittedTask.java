package dev.weft.router.domain.journal;

/** A new task: both its rows, and its idempotency key when the spec row has one. */
public record AdmittedTask(TaskRow row, SpecRow spec) {}
