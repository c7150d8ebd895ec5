package dev.weft.router.app;

import dev.weft.router.domain.replay.Proposal;
import java.time.Instant;

/** Asks how a tenant's tasks of a range would have fared under a proposal. */
public record ReplayQuestion(String tenant, Instant since, Instant until, Proposal proposal) {}
