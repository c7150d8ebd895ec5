package dev.weft.gateway.domain.session;

/**
 * A frame and its place.
 *
 * @param afterLoss frames that nobody has may have been before it
 */
public record KeptFrame<F>(Place place, F frame, boolean afterLoss) {}
