/** The router: how its parts are put together, started and stopped. */
@NullMarked
package dev.weft.router;

import org.jspecify.annotations.NullMarked;
