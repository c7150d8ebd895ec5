/** What agents would cost at published prices. Exact numbers; nothing here knows the mesh. */
@NullMarked
package dev.weft.gateway.domain.estimate;

import org.jspecify.annotations.NullMarked;
