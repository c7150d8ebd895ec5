package dev.weft.router.domain.shard;

/** How full the workers of shards are; each a share of 0..1. */
public interface ShardMemory {

  /** Of the workers that serve it. */
  double of(int shard);

  /** Of all others; 1 if there are none. */
  double beside(int shard);
}
