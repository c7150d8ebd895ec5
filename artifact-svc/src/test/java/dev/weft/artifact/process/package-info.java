/** Replicas as their users run them. */
@NullMarked
package dev.weft.artifact.process;

import org.jspecify.annotations.NullMarked;
