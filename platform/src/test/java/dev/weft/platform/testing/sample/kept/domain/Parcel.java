package dev.weft.platform.testing.sample.kept.domain;

import java.time.Duration;

/** A value. */
public record Parcel(String name, Duration age) {}
