/** Pools and their instances: what they are and how they may change. */
@NullMarked
package dev.weft.scaler.domain.pool;

import org.jspecify.annotations.NullMarked;
