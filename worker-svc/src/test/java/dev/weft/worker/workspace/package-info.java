@NullMarked
package dev.weft.worker.workspace;

import org.jspecify.annotations.NullMarked;
