/**
 * One writer to a cell: a lease with an epoch that PostgreSQL checks in every writing transaction.
 *
 * <p>The rules live in {@code db/cell}: a migration that each service with one active replica runs
 * in its own schema.
 */
@NullMarked
package dev.weft.platform.lease;

import org.jspecify.annotations.NullMarked;
