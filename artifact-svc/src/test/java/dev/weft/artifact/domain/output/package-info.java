@NullMarked
package dev.weft.artifact.domain.output;

import org.jspecify.annotations.NullMarked;
