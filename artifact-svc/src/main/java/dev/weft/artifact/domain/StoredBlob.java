package dev.weft.artifact.domain;

/**
 * A blob and where its bytes are.
 *
 * @param location as the blob store calls it
 */
public record StoredBlob(Digest digest, long size, String location, BlobChecks checks) {}
