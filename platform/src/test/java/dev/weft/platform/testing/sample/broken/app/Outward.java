package dev.weft.platform.testing.sample.broken.app;

import dev.weft.platform.testing.sample.broken.store.Rows;

/** A use case that knows its adapter. */
public record Outward(Rows rows) {}
