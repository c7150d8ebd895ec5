/** The door for gateways, and the streams to registry and placer. */
@NullMarked
package dev.weft.scaler.grpc;

import org.jspecify.annotations.NullMarked;
