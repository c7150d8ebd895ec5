/** Output logs in PostgreSQL and in the blob store. */
@NullMarked
package dev.weft.artifact.store.output;

import org.jspecify.annotations.NullMarked;
