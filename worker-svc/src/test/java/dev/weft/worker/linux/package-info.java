@NullMarked
package dev.weft.worker.linux;

import org.jspecify.annotations.NullMarked;
