@NullMarked
package dev.weft.artifact.store.output;

import org.jspecify.annotations.NullMarked;
