package dev.weft.artifact.app.output;

/**
 * A replica that owns logs.
 *
 * @param node unique for every start of a process
 * @param address where it is dialled
 */
public record Owner(String node, String address) {}
