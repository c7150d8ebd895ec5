/** Starts, kills and talks to a real mesh through the doors that a user has. */
@NullMarked
package dev.weft.e2e.mesh;

import org.jspecify.annotations.NullMarked;
