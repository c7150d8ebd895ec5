/** All workers under one epoch, with a growing revision. */
@NullMarked
package dev.weft.registry.domain.fleet;

import org.jspecify.annotations.NullMarked;
