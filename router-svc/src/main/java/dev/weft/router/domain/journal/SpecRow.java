package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.Document;

/**
 * The immutable part of a task; the tenant stands in its {@link TaskOrigin}.
 *
 * @param requestId the tenant's idempotency key; empty means none
 * @param digest SHA-256 of the spec in canonical form; compared when the key is known
 * @param traceparent W3C trace context; may be empty
 * @param user of the tenant, on whose behalf it runs; empty for none
 */
public record SpecRow(
    Document spec,
    String principal,
    String requestId,
    Document digest,
    String traceparent,
    String user) {

  /** Of no user. */
  public SpecRow(
      Document spec, String principal, String requestId, Document digest, String traceparent) {
    this(spec, principal, requestId, digest, traceparent, "");
  }
}
