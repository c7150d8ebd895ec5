/** The services of this process's mesh port. */
@NullMarked
package dev.weft.artifact.mesh;

import org.jspecify.annotations.NullMarked;
