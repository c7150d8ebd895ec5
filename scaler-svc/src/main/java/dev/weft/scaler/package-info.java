/** The scaler: pools keep their size. Here everything is put together. */
@NullMarked
package dev.weft.scaler;

import org.jspecify.annotations.NullMarked;
