/** The doors: the workers' heartbeat streams, and the fleet for placers and gateways. */
@NullMarked
package dev.weft.registry.grpc;

import org.jspecify.annotations.NullMarked;
