package dev.weft.platform.lease;

/**
 * The epoch under which this process holds its cell; {@code guard} wants it at the start of every
 * transaction.
 */
public record HeldLease(int cell, String role, long epoch) {}
