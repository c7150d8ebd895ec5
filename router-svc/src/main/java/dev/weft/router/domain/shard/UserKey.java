package dev.weft.router.domain.shard;

import dev.weft.router.domain.task.Hash64;

/** A tenant's user, on whose behalf work runs; of two tenants never the same. */
public record UserKey(String tenant, String name) {

  public static final int MOST_CHARACTERS = 128;

  long hash() {
    return Hash64.of(tenant, name);
  }
}
