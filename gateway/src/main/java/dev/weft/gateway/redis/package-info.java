/** The bound on failed authentications, shared by all gateways through Redis. */
@NullMarked
package dev.weft.gateway.redis;

import org.jspecify.annotations.NullMarked;
