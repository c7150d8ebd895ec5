/** Bytes in a directory that the replicas share. */
@NullMarked
package dev.weft.artifact.blob;

import org.jspecify.annotations.NullMarked;
