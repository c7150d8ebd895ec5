package dev.weft.platform.testing.sample.broken.domain;

import io.grpc.Status;

/** A technology in the domain, in a package that is not null-marked. */
public record Leak(Status status) {}
