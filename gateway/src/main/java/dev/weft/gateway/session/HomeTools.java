package dev.weft.gateway.session;

import dev.weft.gateway.app.Later;
import dev.weft.gateway.forward.Watches;
import dev.weft.platform.time.Ticker;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What every home works with. */
public record HomeTools(
    AgentCell cell,
    FrameLog frames,
    Watches watches,
    Later later,
    Ticker ticker,
    InstantSource clock,
    RandomGenerator random,
    SessionMeter meter) {}
