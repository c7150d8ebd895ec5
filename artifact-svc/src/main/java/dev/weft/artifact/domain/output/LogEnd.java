package dev.weft.artifact.domain.output;

/** How a closed log ended. */
public record LogEnd(long lastNumber, long totalBytes) {}
