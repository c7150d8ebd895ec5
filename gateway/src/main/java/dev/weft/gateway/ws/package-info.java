/** Sessions over WebSocket, as docs/session-protocol.md has them. */
@NullMarked
package dev.weft.gateway.ws;

import org.jspecify.annotations.NullMarked;
