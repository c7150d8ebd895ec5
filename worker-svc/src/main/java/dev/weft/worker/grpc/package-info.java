/** The streams that the worker dials, and how it becomes a member of the mesh. */
@NullMarked
package dev.weft.worker.grpc;

import org.jspecify.annotations.NullMarked;
