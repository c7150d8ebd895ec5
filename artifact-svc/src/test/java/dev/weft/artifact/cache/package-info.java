/** Caches, with a real Redis where one is needed. */
@NullMarked
package dev.weft.artifact.cache;

import org.jspecify.annotations.NullMarked;
