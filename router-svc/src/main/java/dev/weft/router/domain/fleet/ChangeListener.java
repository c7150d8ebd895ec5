package dev.weft.router.domain.fleet;

/**
 * Hears that what placement weighs of a worker may be different now. The worker itself, and not a
 * lambda: that would be one more object to fetch at each change.
 */
@FunctionalInterface
interface ChangeListener {

  void changed();
}
