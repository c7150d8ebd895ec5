package dev.weft.router.domain.effort;

/**
 * What a task's complexity means for it, from its acceptance on.
 *
 * @param classified the complexity was found by a {@link Classifier}; otherwise the task said it
 * @param tier of models, for example small
 */
public record Effort(Complexity complexity, boolean classified, String tier, PlaceOrder places) {}
