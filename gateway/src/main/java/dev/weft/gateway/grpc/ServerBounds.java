package dev.weft.gateway.grpc;

import dev.weft.gateway.app.DoorBudgets;

/**
 * What the public gRPC port takes.
 *
 * @param budgets bytes of requests
 * @param mostConnections further ones are closed
 */
public record ServerBounds(DoorBudgets budgets, int mostConnections) {}
