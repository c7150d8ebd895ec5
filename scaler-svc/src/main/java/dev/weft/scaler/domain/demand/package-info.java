/** What waits and runs, as the placer tells it. */
@NullMarked
package dev.weft.scaler.domain.demand;

import org.jspecify.annotations.NullMarked;
