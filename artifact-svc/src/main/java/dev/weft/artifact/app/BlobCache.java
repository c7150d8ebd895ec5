package dev.weft.artifact.app;

import dev.weft.artifact.domain.Digest;
import java.util.Optional;

/**
 * Small blobs at hand. May forget anything at any moment, and never gives other bytes than the
 * digest's.
 */
public interface BlobCache {

  /** The largest content that is kept. */
  int MOST_BYTES = 64 << 10;

  Optional<byte[]> find(String tenant, Digest digest);

  void keep(String tenant, Digest digest, byte[] content);
}
