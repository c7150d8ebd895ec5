/** Use cases and ports. Everything waits for files and databases, and so wants a virtual thread. */
@NullMarked
package dev.weft.artifact.app;

import org.jspecify.annotations.NullMarked;
