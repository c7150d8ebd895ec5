/** StoreService on the mesh port. */
@NullMarked
package dev.weft.artifact.grpc;

import org.jspecify.annotations.NullMarked;
