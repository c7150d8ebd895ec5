/** The cell's lease as the registry sees it. */
@NullMarked
package dev.weft.registry.lease;

import org.jspecify.annotations.NullMarked;
