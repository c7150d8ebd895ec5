/** The worker door: relays workers' streams, unread, to whoever holds the cell and the registry. */
@NullMarked
package dev.weft.gateway.door;

import org.jspecify.annotations.NullMarked;
