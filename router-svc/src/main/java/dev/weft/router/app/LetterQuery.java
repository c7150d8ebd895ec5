package dev.weft.router.app;

import java.util.Optional;

/**
 * Asks for a page of a tenant's dead letters, never of purged ones.
 *
 * @param redrivenToo otherwise only those in the queue
 * @param before only those that ended earlier; empty starts at the last
 */
public record LetterQuery(
    String tenant,
    LetterFilter filter,
    boolean redrivenToo,
    Optional<LetterCursor> before,
    int size) {}
