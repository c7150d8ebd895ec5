/** Small blobs at hand: in memory, then in Redis. */
@NullMarked
package dev.weft.artifact.cache;

import org.jspecify.annotations.NullMarked;
