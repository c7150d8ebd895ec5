package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.LogKey;

/**
 * A reader's wish.
 *
 * @param relayed by another replica: answer yourself or fail
 * @param mostBytes after about so many the stream ends; 0: no bound
 */
public record TailQuery(LogKey key, long after, boolean follow, boolean relayed, int mostBytes) {}
