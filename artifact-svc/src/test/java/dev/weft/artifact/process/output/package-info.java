@NullMarked
package dev.weft.artifact.process.output;

import org.jspecify.annotations.NullMarked;
