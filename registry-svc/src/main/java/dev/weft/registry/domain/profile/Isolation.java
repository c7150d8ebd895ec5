package dev.weft.registry.domain.profile;

/** What a task is kept from. */
public record Isolation(boolean network, boolean filesystem) {}
