/** What to do now for a pool, decided from what is seen: pure functions. */
@NullMarked
package dev.weft.scaler.domain.plan;

import org.jspecify.annotations.NullMarked;
