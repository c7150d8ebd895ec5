package dev.weft.gateway.grpc;

import dev.weft.proto.join.v1.Endpoints;

/** Where workers dial now. */
@FunctionalInterface
public interface WorkerEndpoints {

  Endpoints current();
}
