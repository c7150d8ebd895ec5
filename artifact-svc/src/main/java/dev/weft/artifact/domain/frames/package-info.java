/** Sealed frames of sessions: their places, their bytes, and what a log may be told. */
@NullMarked
package dev.weft.artifact.domain.frames;

import org.jspecify.annotations.NullMarked;
