/** Blobs and artifacts as values, and the rules for them. */
@NullMarked
package dev.weft.artifact.domain;

import org.jspecify.annotations.NullMarked;
