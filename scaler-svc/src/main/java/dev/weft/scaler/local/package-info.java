/** Workers as processes of this machine, started from recipes. */
@NullMarked
package dev.weft.scaler.local;

import org.jspecify.annotations.NullMarked;
