package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.Writer;

/**
 * A worker opens or takes up its attempt's log.
 *
 * @param firstKept what lies before it the worker cannot send any more
 */
public record OpenLog(Writer writer, String taskId, int attempt, long firstKept) {}
