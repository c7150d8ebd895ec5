/** The public door of the mesh, as one Quarkus service: configuration and wiring. */
@NullMarked
package dev.weft.gateway;

import org.jspecify.annotations.NullMarked;
