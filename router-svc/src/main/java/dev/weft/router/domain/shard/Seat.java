package dev.weft.router.domain.shard;

/**
 * Where a user is, as stored.
 *
 * @param day on which it was last heard of, since 1970
 */
public record Seat(UserKey user, int shard, int day) {}
