package dev.weft.scaler.domain.plan;

import dev.weft.scaler.domain.pool.Instance;

/**
 * One step for a pool. The instance is as it is after the step; that is stored before it is done.
 */
public sealed interface Action {

  Instance instance();

  /** To be asked of the provider. */
  record Start(Instance instance, String reason) implements Action {}

  /** Something is known that was not; nothing to be done. */
  record Note(Instance instance) implements Action {}

  /** The placer is asked to take it out of use, again and again until it says DRAINED. */
  record Drain(Instance instance, String reason) implements Action {}

  /** To be asked to end. */
  record Stop(Instance instance) implements Action {}

  /** To be ended. */
  record Kill(Instance instance) implements Action {}

  /**
   * It has ended.
   *
   * @param wished by the scaler or by people
   */
  record Over(Instance instance, boolean wished) implements Action {}
}
