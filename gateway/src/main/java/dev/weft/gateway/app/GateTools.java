package dev.weft.gateway.app;

import dev.weft.platform.time.Ticker;

/** Time and ears for a gate. */
public record GateTools(Ticker ticker, Later later, GateMeter meter) {}
