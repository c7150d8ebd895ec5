package dev.weft.worker.domain.output;

import dev.weft.worker.domain.OutputBuffer.Stream;
import java.time.Instant;

/**
 * Bytes of a command's output, as they were read; never changed again.
 *
 * @param number from 1 without gaps in one attempt
 * @param bytes of which the first {@code length} count
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
public record OutputChunk(long number, Stream source, byte[] bytes, int length, Instant readAt) {}
