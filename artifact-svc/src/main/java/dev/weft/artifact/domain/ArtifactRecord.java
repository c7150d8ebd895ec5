package dev.weft.artifact.domain;

import java.time.Instant;
import java.util.UUID;

/**
 * A tenant's reference to one blob.
 *
 * @param seq orders what a tenant has; given at the insert
 * @param tenant owner
 * @param content what it is
 * @param created by the database's clock
 * @param expires from then on nobody sees it
 */
public record ArtifactRecord(
    UUID id, long seq, String tenant, ArtifactContent content, Instant created, Instant expires) {}
