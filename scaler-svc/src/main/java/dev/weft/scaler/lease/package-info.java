/** The cell's lease as the scaler sees it. */
@NullMarked
package dev.weft.scaler.lease;

import org.jspecify.annotations.NullMarked;
