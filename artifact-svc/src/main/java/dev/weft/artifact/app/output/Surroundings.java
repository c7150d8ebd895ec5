package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.OutputRules;
import dev.weft.platform.time.Ticker;
import java.util.concurrent.Executor;

/**
 * What a live log and its readers need.
 *
 * @param executor where readers go on; must not run the task in the caller
 */
public record Surroundings(
    LogStore rows,
    SegmentBytes bytes,
    MemoryBudget budget,
    OutputRules rules,
    OutputTimes times,
    Ticker ticker,
    Executor executor) {}
