/** The operation log of a run and the checker that judges it; knows nothing of processes. */
@NullMarked
package dev.weft.e2e.history;

import org.jspecify.annotations.NullMarked;
