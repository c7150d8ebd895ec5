/** Pools, instances and actions in PostgreSQL. */
@NullMarked
package dev.weft.scaler.store;

import org.jspecify.annotations.NullMarked;
