package dev.weft.router.app;

import dev.weft.router.domain.replay.FleetEvent.Presence;
import dev.weft.router.domain.replay.FleetWorker;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A worker has come, gone, or is otherwise than before.
 *
 * @param profile null when it is gone
 * @param ago since when this replica sees it so
 */
public record FleetChange(
    WorkerId worker, Presence presence, @Nullable FleetWorker profile, Duration ago) {}
