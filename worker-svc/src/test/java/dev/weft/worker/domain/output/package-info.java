@NullMarked
package dev.weft.worker.domain.output;

import org.jspecify.annotations.NullMarked;
