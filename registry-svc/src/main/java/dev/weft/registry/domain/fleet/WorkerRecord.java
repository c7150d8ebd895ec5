package dev.weft.registry.domain.fleet;

import dev.weft.registry.domain.profile.WorkerProfile;
import dev.weft.registry.domain.report.WorkAccount;
import java.time.Instant;

/**
 * What of a worker outlives the registry.
 *
 * @param incarnation the newest that was admitted
 * @param lastSeen exact when the worker was lost, up to an hour old while it beats
 */
public record WorkerRecord(
    WorkerId id,
    long incarnation,
    WorkerProfile profile,
    WorkAccount account,
    Instant registered,
    Instant lastSeen) {}
