/** A real gateway process with real parts around it, and the mesh behind it played by this JVM. */
@NullMarked
package dev.weft.gateway.testing;

import org.jspecify.annotations.NullMarked;
