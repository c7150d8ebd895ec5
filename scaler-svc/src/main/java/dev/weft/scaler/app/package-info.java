/** What the scaler does, and the ports through which it reaches the world. */
@NullMarked
package dev.weft.scaler.app;

import org.jspecify.annotations.NullMarked;
