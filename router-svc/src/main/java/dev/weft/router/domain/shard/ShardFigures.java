package dev.weft.router.domain.shard;

/**
 * A shard now.
 *
 * @param users that it has
 * @param leaving those of them that belong to one split off, and go when they are idle
 * @param splits how often it was split
 */
public record ShardFigures(Shard shard, int users, int leaving, int splits) {}
