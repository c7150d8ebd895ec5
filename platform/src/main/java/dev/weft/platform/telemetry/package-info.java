/** Traces, metrics and log keys of the mesh's own RPCs. */
@NullMarked
package dev.weft.platform.telemetry;

import org.jspecify.annotations.NullMarked;
