/** Parts that several tests use. */
@NullMarked
package dev.weft.scaler.testing;

import org.jspecify.annotations.NullMarked;
