package dev.weft.gateway.ws;

import dev.weft.gateway.app.SubmitGate;

/**
 * What every session's socket works with.
 *
 * @param gate that every command passes
 * @param ringBytes that a home keeps of a session, as clients are told
 */
public record SocketTools(SessionSockets sockets, SubmitGate gate, long ringBytes) {}
