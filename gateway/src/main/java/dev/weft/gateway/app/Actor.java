package dev.weft.gateway.app;

import dev.weft.gateway.domain.Caller;

/** A caller and the address that the call came from. */
public record Actor(Caller caller, String source) {}
