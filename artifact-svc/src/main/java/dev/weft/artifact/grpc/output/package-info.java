/** The doors of output logs, and the way to another replica's. */
@NullMarked
package dev.weft.artifact.grpc.output;

import org.jspecify.annotations.NullMarked;
