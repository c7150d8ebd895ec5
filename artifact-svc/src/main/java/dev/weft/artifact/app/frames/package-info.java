/** Sealed frames of sessions: who may add to a log, what is kept, and the ports that this needs. */
@NullMarked
package dev.weft.artifact.app.frames;

import org.jspecify.annotations.NullMarked;
