/** gRPC in: the public services, who may call them, and the mesh's certificates. */
@NullMarked
package dev.weft.gateway.grpc;

import org.jspecify.annotations.NullMarked;
