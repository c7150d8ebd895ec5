package dev.weft.gateway.domain;

import java.time.Instant;
import java.util.UUID;

/**
 * Lets one session in, once.
 *
 * @param tokenId of the bearer who was given it; it is worth no more than that token
 * @param viewer only to watch
 */
public record SessionTicket(
    String tenant, String agentId, UUID tokenId, boolean viewer, Instant expireTime) {}
