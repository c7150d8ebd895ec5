package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.Place;
import java.util.Optional;

/**
 * What a client asks for when it opens a session.
 *
 * @param after the last frame that it has; absent is the oldest that is kept
 * @param viewer only watches
 */
public record SessionWish(
    String tenant, String agentId, String principal, Optional<Place> after, boolean viewer) {}
