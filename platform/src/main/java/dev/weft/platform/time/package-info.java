/** Monotonic time and pure back-off; wall time is {@link java.time.InstantSource}. */
@NullMarked
package dev.weft.platform.time;

import org.jspecify.annotations.NullMarked;
