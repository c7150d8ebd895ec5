@NullMarked
package dev.weft.registry.domain.health;

import org.jspecify.annotations.NullMarked;
