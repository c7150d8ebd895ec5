package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.Digest;

/**
 * Where a segment's bytes are: in the blob of this digest, from this offset on.
 *
 * @param size of the encoded segment
 * @param outputBytes of output in it
 */
public record StoredSegment(
    long first, long last, Digest digest, long offset, long size, long outputBytes) {}
