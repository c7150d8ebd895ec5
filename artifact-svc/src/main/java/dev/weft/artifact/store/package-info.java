/** PostgreSQL through the reactive client. */
@NullMarked
package dev.weft.artifact.store;

import org.jspecify.annotations.NullMarked;
