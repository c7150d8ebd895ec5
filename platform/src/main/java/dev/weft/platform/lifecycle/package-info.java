/** Ordered, bounded shutdown. */
@NullMarked
package dev.weft.platform.lifecycle;

import org.jspecify.annotations.NullMarked;
