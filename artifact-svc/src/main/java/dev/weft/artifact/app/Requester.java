package dev.weft.artifact.app;

import dev.weft.artifact.app.LeaseAuthority.LeaseKey;

/** Who asks; what each may is {@link AccessDesk}'s business. */
public sealed interface Requester {

  /** A gateway for one of its tenants, which is believed. */
  record Gateway(String tenant) implements Requester {}

  /** A worker for an attempt. */
  record Worker(String workerId, LeaseKey lease) implements Requester {}
}
