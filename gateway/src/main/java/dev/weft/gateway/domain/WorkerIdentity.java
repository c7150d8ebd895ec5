package dev.weft.gateway.domain;

import java.util.UUID;

/**
 * A worker id and the join token that it belongs to for ever.
 *
 * @param revoked its certificates are not renewed
 */
public record WorkerIdentity(UUID workerId, UUID joinTokenId, boolean revoked) {}
