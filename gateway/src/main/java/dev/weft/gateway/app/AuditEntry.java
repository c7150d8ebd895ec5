package dev.weft.gateway.app;

import dev.weft.gateway.domain.Caller;

/**
 * An act that changes who may do what, or what the fleet is.
 *
 * @param action for example {@code token.create}
 * @param target the id acted upon
 * @param source the caller's network address
 */
public record AuditEntry(
    String tenant, String principal, String action, String target, String source) {

  public static AuditEntry by(Actor actor, String action, String target) {
    Caller caller = actor.caller();
    return new AuditEntry(caller.tenant(), caller.principal(), action, target, actor.source());
  }
}
