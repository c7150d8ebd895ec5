/**
 * The cell's tables in PostgreSQL: the journal, which alone writes, the reader, and what keeps the
 * tables small.
 */
@NullMarked
package dev.weft.router.store;

import org.jspecify.annotations.NullMarked;
