/** What the placer says. */
@NullMarked
package dev.weft.artifact.cell;

import org.jspecify.annotations.NullMarked;
