/** What a worker does with its assignments, and the ports that it does it through. */
@NullMarked
package dev.weft.worker.app;

import org.jspecify.annotations.NullMarked;
