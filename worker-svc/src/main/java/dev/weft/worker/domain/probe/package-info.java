/** What a worker asks itself, and what it found. */
@NullMarked
package dev.weft.worker.domain.probe;

import org.jspecify.annotations.NullMarked;
