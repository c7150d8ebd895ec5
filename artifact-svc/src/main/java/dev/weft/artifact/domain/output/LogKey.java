package dev.weft.artifact.domain.output;

/** Names an attempt's log. */
public record LogKey(String tenant, String taskId, int attempt) {}
