/** The door of sealed frames. */
@NullMarked
package dev.weft.artifact.grpc.frames;

import org.jspecify.annotations.NullMarked;
