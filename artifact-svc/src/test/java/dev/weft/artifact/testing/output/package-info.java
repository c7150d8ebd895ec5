/** Writers and readers of output logs that speak the real protocol. */
@NullMarked
package dev.weft.artifact.testing.output;

import org.jspecify.annotations.NullMarked;
