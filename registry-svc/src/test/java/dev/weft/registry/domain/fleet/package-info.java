@NullMarked
package dev.weft.registry.domain.fleet;

import org.jspecify.annotations.NullMarked;
