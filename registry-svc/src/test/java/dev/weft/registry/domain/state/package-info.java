@NullMarked
package dev.weft.registry.domain.state;

import org.jspecify.annotations.NullMarked;
