/**
 * Sandboxes by bubblewrap: namespaces, a system-call filter, limits, and the certainty that nothing
 * of an attempt outlives it or the worker.
 */
@NullMarked
package dev.weft.worker.sandbox;

import org.jspecify.annotations.NullMarked;
