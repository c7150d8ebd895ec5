/** Prefixed, time-ordered identifiers. */
@NullMarked
package dev.weft.platform.id;

import org.jspecify.annotations.NullMarked;
