/** Who is well: pure policies over monotonic time that is handed in. */
@NullMarked
package dev.weft.registry.domain.health;

import org.jspecify.annotations.NullMarked;
