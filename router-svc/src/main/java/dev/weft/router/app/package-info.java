/** Use cases and the ports they need. */
@NullMarked
package dev.weft.router.app;

import org.jspecify.annotations.NullMarked;
