package dev.weft.artifact.app;

import dev.weft.artifact.app.BlobCatalog.Located;
import dev.weft.artifact.app.BlobStore.SmallBlob;
import dev.weft.artifact.domain.BlobSeal;
import dev.weft.artifact.domain.BlobSeal.Sealed;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.StoredBlob;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.telemetry.LogKeys;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/** Blobs of tenants: in, out, and what is held. */
public final class BlobDesk {

  private static final Logger LOG = Logger.getLogger(BlobDesk.class);

  private final BlobStore store;
  private final BlobCatalog catalog;
  private final BlobCache cache;
  private final StoreLimits limits;
  private final StoreMeter meter;

  public BlobDesk(
      BlobStore store, BlobCatalog catalog, BlobCache cache, StoreLimits limits, StoreMeter meter) {
    this.store = store;
    this.catalog = catalog;
    this.cache = cache;
    this.limits = limits;
    this.meter = meter;
  }

  /**
   * Begins to take a blob in.
   *
   * @param size if it is known
   * @throws MeshException ARTIFACT_TOO_LARGE, STORE_FULL
   */
  public BlobWriter write(String tenant, OptionalLong size) {
    checkSize(size.orElse(0));
    checkRoom(size.orElse(0));
    try {
      return new BlobWriter(this, tenant, size, store.begin(tenant));
    } catch (IOException e) {
      throw StoreFailures.of(e);
    }
  }

  /** Takes small blobs in, each verified; all of them are visible when it returns, or none. */
  public void storeSmall(String tenant, List<SmallBlob> blobs) {
    Map<Digest, SmallBlob> distinct = new LinkedHashMap<>();
    List<Sealed> seals = new ArrayList<>();
    long bytes = 0;
    for (SmallBlob blob : blobs) {
      Sealed sealed = BlobSeal.of(blob.content());
      if (!sealed.digest().equals(blob.digest())) {
        throw wrongDigest(blob.digest(), sealed.digest());
      }
      if (distinct.putIfAbsent(blob.digest(), blob) == null) {
        seals.add(sealed);
        bytes += sealed.size();
      }
    }
    store(tenant, List.copyOf(distinct.values()), seals, bytes);
  }

  /** Takes a small blob in under whatever digest it has. */
  public Digest storeSmall(String tenant, byte[] content) {
    Sealed sealed = BlobSeal.of(content);
    store(
        tenant, List.of(new SmallBlob(sealed.digest(), content)), List.of(sealed), content.length);
    return sealed.digest();
  }

  private void store(String tenant, List<SmallBlob> contents, List<Sealed> seals, long bytes) {
    checkRoom(bytes);
    List<StoredBlob> stored = new ArrayList<>();
    try {
      List<String> locations = store.storeSmall(tenant, contents);
      for (int i = 0; i < seals.size(); i++) {
        Sealed sealed = seals.get(i);
        stored.add(
            new StoredBlob(sealed.digest(), sealed.size(), locations.get(i), sealed.checks()));
      }
    } catch (IOException e) {
      throw StoreFailures.of(e);
    }
    meter.received(bytes);
    drop(tenant, catalog.record(tenant, stored));
    contents.forEach(blob -> keep(tenant, blob.digest(), blob.content()));
  }

  /** Those that the tenant holds, with their sizes; they stay for the grace time at least. */
  public Map<Digest, Long> touch(String tenant, Collection<Digest> digests) {
    return catalog.touch(tenant, digests);
  }

  /** Where blobs are; those that the tenant does not hold are left out. */
  public Map<Digest, Located> locate(String tenant, Collection<Digest> digests) {
    return catalog.locate(tenant, digests);
  }

  /**
   * Opens a blob.
   *
   * @throws MeshException BLOB_NOT_FOUND, BLOB_CORRUPT
   */
  public BlobReader open(String tenant, Digest digest) {
    return open(tenant, located(tenant, digest));
  }

  /** Opens a blob that was located; one that has moved since is found again. */
  public BlobReader open(String tenant, Located located) {
    Located known = located;
    for (int attempt = 0; attempt < 2; attempt++) {
      if (known.damaged()) {
        throw corrupt(known.blob().digest());
      }
      try {
        return new BlobReader(this, tenant, known.blob()).opened();
      } catch (NoSuchFileException e) {
        known = located(tenant, known.blob().digest());
      } catch (IOException e) {
        throw StoreFailures.of(e);
      }
    }
    throw damaged(tenant, known.blob());
  }

  /** A small blob's content, from where it is nearest. */
  public byte[] content(String tenant, Located located) {
    Digest digest = located.blob().digest();
    Optional<byte[]> near = cache.find(tenant, digest);
    if (near.isPresent()) {
      return near.get();
    }
    try (BlobReader reader = open(tenant, located)) {
      byte[] content = reader.size() == 0 ? new byte[0] : reader.block(0);
      meter.cache(StoreMeter.Tier.STORE);
      keep(tenant, digest, content);
      return content;
    }
  }

  BlobStore store() {
    return store;
  }

  StoreMeter meter() {
    return meter;
  }

  StoreLimits limits() {
    return limits;
  }

  void record(String tenant, StoredBlob blob) {
    drop(tenant, catalog.record(tenant, List.of(blob)));
  }

  void checkSize(long size) {
    if (size < 0 || size > limits.mostBytes()) {
      throw BlobWriter.tooLarge(limits.mostBytes());
    }
  }

  void checkRoom(long bytes) {
    try {
      long free = store.freeBytes();
      if (free < BlobStore.ENDLESS && free - bytes < limits.keepFree()) {
        throw new StoreFullException(
            "free: " + free + " bytes (expected: " + bytes + " and " + limits.keepFree() + ")");
      }
    } catch (IOException e) {
      throw StoreFailures.of(e);
    }
  }

  MeshException damaged(String tenant, StoredBlob blob) {
    LOG.errorf(
        "stored bytes are damaged, to be uploaded again: %s=%s digest=%s location=%s",
        LogKeys.TENANT, tenant, blob.digest(), blob.location());
    meter.damaged();
    catalog.damaged(tenant, blob);
    return corrupt(blob.digest());
  }

  static MeshException wrongSize(long said, Object found) {
    return new MeshException(
            ArtifactReason.SIZE_MISMATCH, "bytes: " + found + " (expected: " + said + ")")
        .with("size", said)
        .with("found", found);
  }

  static MeshException wrongDigest(Digest said, Digest found) {
    return new MeshException(
            ArtifactReason.DIGEST_MISMATCH, "SHA-256: " + found + " (expected: " + said + ")")
        .with("digest", said)
        .with("found", found);
  }

  private static MeshException corrupt(Digest digest) {
    return new MeshException(
            ArtifactReason.BLOB_CORRUPT, "blob " + digest + ": the stored bytes are damaged")
        .with("digest", digest);
  }

  private Located located(String tenant, Digest digest) {
    Located located = catalog.locate(tenant, List.of(digest)).get(digest);
    if (located == null) {
      throw notFound(digest);
    }
    return located;
  }

  /** For whoever located several at once. */
  public static MeshException notFound(Digest digest) {
    return new MeshException(ArtifactReason.BLOB_NOT_FOUND, "blob " + digest + ": is not held")
        .with("digest", digest);
  }

  private void keep(String tenant, Digest digest, byte[] content) {
    if (content.length <= BlobCache.MOST_BYTES) {
      cache.keep(tenant, digest, content);
    }
  }

  /** Bytes that nobody refers to; what can't be deleted now is found by the scan. */
  private void drop(String tenant, List<String> locations) {
    if (locations.isEmpty()) {
      return;
    }
    try {
      store.delete(tenant, locations);
    } catch (IOException e) {
      LOG.warnf("unused bytes stay until the next scan: %s=%s", LogKeys.ERROR, e);
    }
  }
}
