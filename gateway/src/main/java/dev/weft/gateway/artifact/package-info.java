/** Bytes to and from the artifact service, no faster than either side takes them. */
@NullMarked
package dev.weft.gateway.artifact;

import org.jspecify.annotations.NullMarked;
