/** The packaged program with a real PostgreSQL. */
@NullMarked
package dev.weft.scaler.process;

import org.jspecify.annotations.NullMarked;
