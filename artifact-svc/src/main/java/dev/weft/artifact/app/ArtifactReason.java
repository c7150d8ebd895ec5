package dev.weft.artifact.app;

import dev.weft.platform.error.Reason;
import io.grpc.Status.Code;

/** Why bytes are not taken or not given; docs/errors.md says what the caller does about it. */
public enum ArtifactReason implements Reason {
  /** No such artifact of this tenant; metadata: artifact_id. */
  ARTIFACT_NOT_FOUND(Code.NOT_FOUND),
  /** The tenant does not hold the blob; metadata: digest. */
  BLOB_NOT_FOUND(Code.NOT_FOUND),
  /** The bytes are not those that the digest names; metadata: digest, found. */
  DIGEST_MISMATCH(Code.INVALID_ARGUMENT),
  /** There were more or fewer bytes than was said; metadata: size, found. */
  SIZE_MISMATCH(Code.INVALID_ARGUMENT),
  /** The bytes are no tree, or one that must not be unpacked. */
  TREE_INVALID(Code.INVALID_ARGUMENT),
  /** Only the digest was sent, and the tenant does not hold it; metadata: digest. */
  BLOB_NOT_HELD(Code.FAILED_PRECONDITION),
  /** The tenant does not hold a file of the tree; metadata: missing, digest. */
  TREE_INCOMPLETE(Code.FAILED_PRECONDITION),
  /** More bytes than one artifact may have; metadata: most_bytes. */
  ARTIFACT_TOO_LARGE(Code.RESOURCE_EXHAUSTED),
  /** The store has no room for it. */
  STORE_FULL(Code.RESOURCE_EXHAUSTED),
  /** As many uploads and downloads are under way as may be; metadata: most. */
  TOO_MANY_TRANSFERS(Code.RESOURCE_EXHAUSTED),
  /** Nothing was sent, or read, for too long; metadata: limit. */
  TRANSFER_STALLED(Code.DEADLINE_EXCEEDED),
  /** The store's bytes are damaged or gone; metadata: digest. */
  BLOB_CORRUPT(Code.DATA_LOSS),
  /** The worker does not hold the lease that it names. */
  LEASE_NOT_HELD(Code.PERMISSION_DENIED),
  /** The database or the blob store does not answer. */
  STORE_UNAVAILABLE(Code.UNAVAILABLE);

  private final Code code;

  ArtifactReason(Code code) {
    this.code = code;
  }

  @Override
  public Code code() {
    return code;
  }
}
