/** How a worker asks itself whether it is well. */
@NullMarked
package dev.weft.worker.app.probe;

import org.jspecify.annotations.NullMarked;
