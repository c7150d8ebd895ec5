package dev.weft.gateway.forward;

import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SecretHash;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;

/** Calls of somebody who may do everything. */
final class Calls {

  private Calls() {}

  static Call of(String tenant) {
    return new Call(
        new Caller(tenant, "ci", UUID.randomUUID(), EnumSet.allOf(Scope.class), Optional.empty()),
        SecretHash.of("secret"),
        "",
        Duration.ofSeconds(10),
        "127.0.0.1");
  }
}
