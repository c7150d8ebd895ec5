/** Sealed frames of sessions in PostgreSQL. */
@NullMarked
package dev.weft.artifact.store.frames;

import org.jspecify.annotations.NullMarked;
