/** Bytes in and out. Here everything is put together. */
@NullMarked
package dev.weft.artifact;

import org.jspecify.annotations.NullMarked;
