/** Where regions lie, and what time it is there. */
@NullMarked
package dev.weft.router.domain.region;

import org.jspecify.annotations.NullMarked;
