@NullMarked
package dev.weft.registry.store;

import org.jspecify.annotations.NullMarked;
