package dev.weft.artifact.domain.frames;

/**
 * How far a log goes.
 *
 * @param sealed the last frame that is durable
 * @param dropped frames up to this one were durable and are not kept any more
 * @param endedBody nothing more will come of bodies up to this one
 */
public record FrameLogState(FramePlace sealed, FramePlace dropped, int endedBody) {}
