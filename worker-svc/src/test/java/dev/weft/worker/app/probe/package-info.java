@NullMarked
package dev.weft.worker.app.probe;

import org.jspecify.annotations.NullMarked;
