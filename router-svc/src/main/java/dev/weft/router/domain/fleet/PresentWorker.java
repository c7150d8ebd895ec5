package dev.weft.router.domain.fleet;

/**
 * A worker whose work stream is open.
 *
 * @param draining it takes nothing more
 */
public record PresentWorker(WorkerView view, Capacity capacity, boolean draining) {}
