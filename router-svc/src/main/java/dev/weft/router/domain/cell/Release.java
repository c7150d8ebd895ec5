package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.TenantEvents;
import java.time.Instant;
import java.util.List;

/** What a durable commit lets out. */
public record Release(
    long commit, Instant commitTime, List<Effect> effects, List<TenantEvents> events) {}
