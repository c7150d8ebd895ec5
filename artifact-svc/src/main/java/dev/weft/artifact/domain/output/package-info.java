/** Output logs: numbers, the live ring, when a segment is cut, and who may write. */
@NullMarked
package dev.weft.artifact.domain.output;

import org.jspecify.annotations.NullMarked;
