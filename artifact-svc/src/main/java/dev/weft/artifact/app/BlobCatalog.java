package dev.weft.artifact.app;

import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.StoredBlob;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Which blobs a tenant holds. Whoever is told by {@link #record}, {@link #touch} or {@link #hold}
 * that a blob is there can rely on it for the grace time at least, whatever the sweep does
 * meanwhile.
 */
public interface BlobCatalog {

  /**
   * Makes stored bytes visible. A blob that the tenant holds already stays where it is.
   *
   * @return the locations that are not used, because of that or because the blob was found damaged
   */
  List<String> record(String tenant, List<StoredBlob> blobs);

  /** Those of the digests that the tenant holds, with their sizes, which now stay for a while. */
  Map<Digest, Long> touch(String tenant, Collection<Digest> digests);

  /** Where blobs are, for reading; damaged ones too. */
  Map<Digest, Located> locate(String tenant, Collection<Digest> digests);

  /** The store no longer has these bytes; unless the blob lies elsewhere by now. */
  void damaged(String tenant, StoredBlob blob);

  /**
   * Keeps blobs for as long as the holder exists.
   *
   * @return false if one of them is not held by the tenant; then nothing has changed
   */
  boolean hold(UUID holder, String tenant, Collection<Digest> digests);

  /** Ends a hold. */
  void release(UUID holder);

  /**
   * A blob's place.
   *
   * @param damaged known to be unreadable
   */
  record Located(StoredBlob blob, boolean damaged) {}
}
