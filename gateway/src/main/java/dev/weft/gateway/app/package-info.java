/** Use cases of the door and the ports they need. */
@NullMarked
package dev.weft.gateway.app;

import org.jspecify.annotations.NullMarked;
