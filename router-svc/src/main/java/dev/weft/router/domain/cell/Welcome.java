package dev.weft.router.domain.cell;

import java.time.Duration;
import java.util.List;

/** The answer to a Hello. */
public record Welcome(
    long epoch,
    List<AttemptKey> adopt,
    List<AttemptKey> kill,
    List<AttemptKey> settled,
    Duration leaseTtl) {}
