package dev.weft.artifact.app.frames;

import dev.weft.artifact.domain.frames.FrameLogState;
import java.util.UUID;

/**
 * A log as it is stored.
 *
 * @param cost what its segments take
 */
public record FrameLogRow(UUID id, FrameLogState state, long cost) {}
