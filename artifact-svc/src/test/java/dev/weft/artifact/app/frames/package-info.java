@NullMarked
package dev.weft.artifact.app.frames;

import org.jspecify.annotations.NullMarked;
