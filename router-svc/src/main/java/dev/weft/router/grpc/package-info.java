/** The placer's gRPC doors and the client of the registry's; protobuf stops here. */
@NullMarked
package dev.weft.router.grpc;

import org.jspecify.annotations.NullMarked;
