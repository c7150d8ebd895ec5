@NullMarked
package dev.weft.artifact.app.output;

import org.jspecify.annotations.NullMarked;
