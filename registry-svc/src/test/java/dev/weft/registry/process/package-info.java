/** The registry as real processes. */
@NullMarked
package dev.weft.registry.process;

import org.jspecify.annotations.NullMarked;
