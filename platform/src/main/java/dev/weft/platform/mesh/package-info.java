/** All of the mesh that a service needs, put together from its configuration. */
@NullMarked
package dev.weft.platform.mesh;

import org.jspecify.annotations.NullMarked;
