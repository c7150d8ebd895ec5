/** Faults under load, and what the history checker says of them. */
@NullMarked
package dev.weft.e2e.chaos;

import org.jspecify.annotations.NullMarked;
