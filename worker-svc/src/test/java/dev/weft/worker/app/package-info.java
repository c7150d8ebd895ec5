@NullMarked
package dev.weft.worker.app;

import org.jspecify.annotations.NullMarked;
