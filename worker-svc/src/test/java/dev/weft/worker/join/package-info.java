@NullMarked
package dev.weft.worker.join;

import org.jspecify.annotations.NullMarked;
