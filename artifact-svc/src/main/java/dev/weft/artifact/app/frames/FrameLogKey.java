package dev.weft.artifact.app.frames;

/** Names an agent's log. */
public record FrameLogKey(String tenant, String agentId) {}
