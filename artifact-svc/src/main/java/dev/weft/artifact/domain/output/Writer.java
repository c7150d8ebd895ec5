package dev.weft.artifact.domain.output;

/**
 * Whose output it is.
 *
 * @param workerId of the certificate
 * @param fence of the attempt's lease
 */
public record Writer(String workerId, long fence) {}
